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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a service wants of its callers: a balancing policy, and settings per method (gRFC
 * A2). Immutable; equal if it says the same.
 */
public final class ServiceConfig {

	private static final ServiceConfig EMPTY = new ServiceConfig(List.of(), Map.of(), Channel.EMPTY);

	private final List<String> balancerPolicies;

	/**
	 * By {@code pkg.Service/Method}, by {@code pkg.Service/} for a whole service, and by
	 * an empty string for everything.
	 */
	private final Map<String, MethodConfig> methods;

	private final MethodConfig defaultConfig;

	private final Channel channel;

	private ServiceConfig(List<String> balancerPolicies, Map<String, MethodConfig> methods, Channel channel) {
		this.balancerPolicies = List.copyOf(balancerPolicies);
		this.methods = Map.copyOf(methods);
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
		return new ServiceConfig(readPolicies(root), readMethods(root.field("methodConfig")), Channel.read(root));
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
			config = this.methods.get(fullMethodName.substring(0, fullMethodName.lastIndexOf('/') + 1));
		}
		return (config != null) ? config : this.defaultConfig;
	}

	/**
	 * Returns the wanted balancing policies: the names in {@code loadBalancingConfig},
	 * then {@code loadBalancingPolicy}. The first known one is to be used.
	 * @return an immutable list, empty if the config has no wish
	 */
	public List<String> balancerPolicies() {
		return this.balancerPolicies;
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
		return this == other
				|| (other instanceof ServiceConfig that && this.balancerPolicies.equals(that.balancerPolicies)
						&& this.methods.equals(that.methods) && this.channel.equals(that.channel));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.balancerPolicies, this.methods, this.channel);
	}

	@Override
	public String toString() {
		return "ServiceConfig[balancerPolicies=" + this.balancerPolicies + ", methods=" + this.methods + ", channel="
				+ this.channel + "]";
	}

	private static List<String> readPolicies(JsonValue root) {
		List<String> policies = new ArrayList<>();
		for (JsonValue choice : root.field("loadBalancingConfig").elements()) {
			if (choice.object().size() != 1) {
				throw choice.expected("an object with one field, such as {\"round_robin\": {}}");
			}
			String policy = String.valueOf(choice.object().keySet().iterator().next());
			JsonValue settings = choice.field(policy);
			if (!(settings.value() instanceof Map)) {
				throw settings.expected("an object");
			}
			policies.add(policy);
		}
		String fallback = root.field("loadBalancingPolicy").string();
		if (!fallback.isEmpty()) {
			// An enum in the JSON form of old configs: ROUND_ROBIN.
			policies.add(fallback.toLowerCase(Locale.ROOT));
		}
		return policies;
	}

	private static Map<String, MethodConfig> readMethods(JsonValue list) {
		Map<String, MethodConfig> methods = new HashMap<>();
		Map<String, JsonValue> places = new HashMap<>();
		for (JsonValue entry : list.elements()) {
			MethodConfig config = readMethod(entry);
			for (JsonValue name : entry.field("name").elements()) {
				String key = readName(name);
				JsonValue earlier = places.putIfAbsent(key, name);
				if (earlier != null) {
					throw name.wrong("already at " + earlier.path());
				}
				methods.put(key, config);
			}
		}
		return methods;
	}

	private static MethodConfig readMethod(JsonValue entry) {
		JsonValue retry = entry.field("retryPolicy");
		JsonValue hedging = entry.field("hedgingPolicy");
		if (!retry.isAbsent() && !hedging.isAbsent()) {
			throw hedging.expected("either a retryPolicy or a hedgingPolicy");
		}
		return new MethodConfig(entry.field("waitForReady").bool(), entry.field("timeout").duration(),
				entry.field("maxRequestMessageBytes").size(), entry.field("maxResponseMessageBytes").size(),
				RetryPolicy.read(retry), HedgingPolicy.read(hedging));
	}

	private static String readName(JsonValue name) {
		String service = name.field("service").string();
		String method = name.field("method").string();
		if (!service.isEmpty()) {
			return service + "/" + method;
		}
		if (!method.isEmpty()) {
			throw name.expected("a service for the method");
		}
		return "";
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
