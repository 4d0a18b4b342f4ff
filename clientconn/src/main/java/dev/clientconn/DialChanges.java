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

package dev.clientconn;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What an update changes, option by option: values are compared with {@code equals}. What
 * only a dial looks at ({@code block}, {@code lazy}, {@code timeout},
 * {@code failOnNonTemporaryDialError}) is no change, and neither is the source of random
 * choices.
 *
 * @param redialled options that need new connections
 * @param inPlace options that do not
 */
record DialChanges(List<String> redialled, List<String> inPlace) {

	/** What connections are made of, and who hears of them. */
	private static final List<Option> REDIALLED = List.of(new Option("target", (dial) -> dial.target.text()),
			new Option("resolver", (dial) -> dial.resolver),
			new Option("transportCredentials", (dial) -> dial.credentials),
			new Option("authority", (dial) -> dial.authority), new Option("dialer", (dial) -> dial.options.dialer),
			new Option("userAgent", (dial) -> dial.options.userAgent),
			new Option("decompressors", (dial) -> dial.options.decompressors),
			new Option("limits", (dial) -> dial.options.limits),
			new Option("keepalive", (dial) -> dial.options.keepalive),
			new Option("statsHandlers", (dial) -> dial.options.statsHandlers),
			new Option("eventLoopGroup", (dial) -> dial.options.eventLoopGroup),
			new Option("scheduler", (dial) -> dial.options.scheduler));

	/** What each call, attempt or drain reads when it begins, and the balancer. */
	private static final List<Option> IN_PLACE = List.of(new Option("balancer", (dial) -> dial.balancer),
			new Option("balancerPolicies", (dial) -> dial.options.balancerPolicies),
			new Option("serviceConfig", (dial) -> dial.options.serviceConfig),
			new Option("serviceConfigUpdates", (dial) -> dial.options.serviceConfigUpdates),
			new Option("codec", (dial) -> dial.options.codec),
			new Option("binaryLog", (dial) -> dial.options.binaryLog),
			new Option("compressor", (dial) -> dial.options.compressor),
			new Option("compressors", (dial) -> dial.options.compressors),
			new Option("backoff", (dial) -> dial.options.backoff),
			new Option("minConnectTimeout", (dial) -> dial.options.minConnectTimeout),
			new Option("drainTimeout", (dial) -> dial.options.drainTimeout),
			new Option("healthCheck", (dial) -> dial.options.healthCheck),
			new Option("idleTimeout", (dial) -> dial.options.idleTimeout),
			new Option("connections", (dial) -> dial.options.connections),
			new Option("perRpcCredentials", (dial) -> dial.options.perRpcCredentials),
			new Option("unaryInterceptors", (dial) -> dial.options.unaryInterceptors),
			new Option("streamInterceptors", (dial) -> dial.options.streamInterceptors),
			new Option("maxInboundMessageSize", (dial) -> dial.options.maxInboundMessageSize),
			new Option("maxOutboundMessageSize", (dial) -> dial.options.maxOutboundMessageSize),
			new Option("waitForReady", (dial) -> dial.options.waitForReady),
			new Option("retry", (dial) -> dial.options.retry),
			new Option("defaultDeadline", (dial) -> dial.options.defaultDeadline),
			new Option("hedging", (dial) -> dial.options.hedging),
			new Option("deadlinePropagation", (dial) -> dial.options.deadlinePropagation),
			new Option("queueLimits", (dial) -> dial.options.queueLimits),
			new Option("executor", (dial) -> dial.options.executor));

	static DialChanges between(Dial before, Dial after) {
		return new DialChanges(changed(REDIALLED, before, after), changed(IN_PLACE, before, after));
	}

	boolean isRedial() {
		return !this.redialled.isEmpty();
	}

	boolean isNone() {
		return this.redialled.isEmpty() && this.inPlace.isEmpty();
	}

	boolean contains(String option) {
		return this.redialled.contains(option) || this.inPlace.contains(option);
	}

	/** The names of all options that are compared. */
	static List<String> compared() {
		List<String> names = new ArrayList<>();
		REDIALLED.forEach((option) -> names.add(option.name));
		IN_PLACE.forEach((option) -> names.add(option.name));
		return names;
	}

	private static List<String> changed(List<Option> options, Dial before, Dial after) {
		return options.stream()
			.filter((option) -> !Objects.equals(option.value.apply(before), option.value.apply(after)))
			.map(Option::name)
			.toList();
	}

	/**
	 * One option.
	 *
	 * @param name as the builder calls it
	 * @param value its effective value
	 */
	private record Option(String name, Function<Dial, @Nullable Object> value) {
	}

}
