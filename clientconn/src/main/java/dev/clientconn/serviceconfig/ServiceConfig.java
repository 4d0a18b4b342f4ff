/*
 * Copyright 2026 the ClientConn authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.clientconn.serviceconfig;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a service wants of its callers: a balancing policy, and settings per method (gRFC
 * A2). Immutable; equal if it says the same.
 */
public final class ServiceConfig {

	private static final ServiceConfig EMPTY = new ServiceConfig(BalancerChoices.NONE, Map.of(), Channel.EMPTY);

	private final BalancerChoices balancers;

	/**
	 * By {@code pkg.Service/Method}, by {@code pkg.Service/} for a whole service, and by
	 * an empty string for everything.
	 */
	private final Map<String, MethodConfig> methods;

	private final MethodConfig defaultConfig;

	private final Channel channel;

	private ServiceConfig(BalancerChoices balancers, Map<String, MethodConfig> methods, Channel channel) {
		this.balancers = balancers;
		this.methods = Collections.unmodifiableMap(new LinkedHashMap<>(methods));
		this.channel = channel;
		this.defaultConfig = this.methods.getOrDefault("", MethodConfig.EMPTY);
	}

	/**
	 * Returns the config that sets nothing.
	 * @return always the same
	 */
	public static ServiceConfig empty() {
		return EMPTY;
	}

	/**
	 * Reads a config in its JSON form. Fields that are not known are ignored; one known
	 * field that is wrong makes the whole config invalid.
	 * @param json maps, lists, strings, numbers and booleans, as JSON parsers return them
	 * @return the config
	 * @throws ServiceConfigException if it is invalid; the message names the place, the
	 * value and what was expected
	 */
	public static ServiceConfig fromMap(Map<String, ?> json) {
		JsonValue root = new JsonValue("", Objects.requireNonNull(json, "json"));
		return new ServiceConfig(BalancerChoices.read(root), ServiceConfigReader.methods(root.field("methodConfig")),
				Channel.read(root));
	}

	/**
	 * Returns what is set for a method: the entry of the method, else that of its
	 * service, else the one for everything. Entries are not merged.
	 * @param fullMethodName {@code pkg.Service/Method}, without a leading slash, as
	 * {@code MethodDescriptor.getFullMethodName()}
	 * @return the settings, {@link MethodConfig#EMPTY} if there are none
	 */
	public MethodConfig forMethod(String fullMethodName) {
		if (this.methods.isEmpty()) {
			return MethodConfig.EMPTY;
		}
		MethodConfig config = this.methods.get(fullMethodName);
		if (config == null) {
			config = this.methods.get(serviceOf(fullMethodName));
		}
		return (config != null) ? config : this.defaultConfig;
	}

	/**
	 * Returns which of the names in {@link #methods} decides for a method.
	 * @param fullMethodName {@code pkg.Service/Method}
	 * @return {@code pkg.Service/Method}, {@code pkg.Service/} or an empty string;
	 * {@code null} if none does
	 */
	public @Nullable String nameFor(String fullMethodName) {
		return Stream.of(fullMethodName, serviceOf(fullMethodName), "")
			.filter(this.methods::containsKey)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns what is set, by name: {@code pkg.Service/Method}, {@code pkg.Service/} for
	 * a whole service, an empty string for everything.
	 * @return an immutable map in the order of the config
	 */
	public Map<String, MethodConfig> methods() {
		return this.methods;
	}

	/**
	 * Returns the names of the accepted balancing policies, the most wanted first: those
	 * in {@code loadBalancingConfig}, else {@code loadBalancingPolicy}.
	 * @return an immutable list, empty if the config has no wish
	 */
	public List<String> balancerPolicies() {
		return this.balancers.names();
	}

	/**
	 * Chooses the balancing policy: the first accepted one that the client knows (gRFC
	 * A24).
	 * @param <B> what stands for a policy
	 * @param known the policies of the client
	 * @return the policy, {@code null} if the config has no wish
	 * @throws ServiceConfigException if none is known, or the first known one cannot use
	 * its settings; the whole config is invalid then
	 */
	public <B> @Nullable B balancer(BalancerLookup<B> known) {
		return this.balancers.find(known);
	}

	/**
	 * Returns when retries and hedges stop because too many attempts fail.
	 * @return the limits, {@code null} for none
	 */
	public @Nullable RetryThrottling retryThrottling() {
		return this.channel.retryThrottling;
	}

	/**
	 * Returns what addresses are asked the health of (gRFC A17).
	 * @return the service name, empty for the server as a whole; {@code null} to ask
	 * nothing
	 */
	public @Nullable String healthCheckServiceName() {
		return this.channel.healthCheckServiceName;
	}

	/**
	 * Returns how many connections one address may have (gRFC A105).
	 * @return the number, at least 1; {@code null} if the config has no wish
	 */
	public @Nullable Integer maxConnectionsPerAddress() {
		return this.channel.maxConnectionsPerAddress;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof ServiceConfig that && this.balancers.equals(that.balancers)
				&& this.methods.equals(that.methods) && this.channel.equals(that.channel));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.balancers, this.methods, this.channel);
	}

	@Override
	public String toString() {
		return "ServiceConfig[balancers=" + this.balancers + ", methods=" + this.methods + ", channel=" + this.channel
				+ "]";
	}

	private static String serviceOf(String fullMethodName) {
		return fullMethodName.substring(0, fullMethodName.lastIndexOf('/') + 1);
	}

	/**
	 * What counts for the whole ClientConn.
	 *
	 * @param retryThrottling when retries stop
	 * @param healthCheckServiceName what addresses are asked the health of
	 * @param maxConnectionsPerAddress connections per address
	 */
	private record Channel(@Nullable RetryThrottling retryThrottling, @Nullable String healthCheckServiceName,
			@Nullable Integer maxConnectionsPerAddress) {

		private static final Channel EMPTY = new Channel(null, null, null);

		private static Channel read(JsonValue root) {
			JsonValue health = root.field("healthCheckConfig").field("serviceName");
			JsonValue connections = root.field("connectionScaling").field("maxConnectionsPerSubchannel");
			return new Channel(RetryThrottling.read(root.field("retryThrottling")),
					health.isAbsent() ? null : health.string(), connections.isAbsent() ? null : connections.atLeast(1));
		}

	}

}
