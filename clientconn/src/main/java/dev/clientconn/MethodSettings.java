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

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * What applies to calls of a method that say nothing themselves, and why: immutable, and
 * safe to keep.
 *
 * @param entry name of the service config's entry: {@code pkg.Service/Method},
 * {@code pkg.Service/} or an empty string; {@code null} if none is for the method
 * @param values the settings, by the name that service configs have for them
 */
public record MethodSettings(@Nullable String entry, Map<String, Value> values) {

	public MethodSettings {
		values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

	static MethodSettings of(String fullMethodName, ServiceConfig serviceConfig, DialOptions options) {
		MethodConfig config = serviceConfig.forMethod(fullMethodName);
		Map<String, Value> values = new LinkedHashMap<>();
		values.put("timeout", timeout(config, options));
		values.put("waitForReady", (config.waitForReady() != null)
				? new Value(config.waitForReady(), Origin.SERVICE_CONFIG) : ofOptions(options.waitForReady, false));
		values.put("maxRequestMessageBytes",
				smaller(config.maxRequestMessageBytes(), options.maxOutboundMessageSize, Integer.MAX_VALUE));
		values.put("maxResponseMessageBytes", smaller(config.maxResponseMessageBytes(), options.maxInboundMessageSize,
				DialOptions.DEFAULT_MAX_INBOUND_MESSAGE_SIZE));
		values.put("retryPolicy", ofConfig(config.retryPolicy()));
		values.put("hedgingPolicy", ofConfig(config.hedgingPolicy()));
		return new MethodSettings(serviceConfig.nameFor(fullMethodName), values);
	}

	private static Value timeout(MethodConfig config, DialOptions options) {
		Duration fallback = options.defaultDeadline;
		return (config.timeout() != null || fallback == null) ? ofConfig(config.timeout())
				: new Value(fallback, Origin.OPTIONS);
	}

	private static Value smaller(@Nullable Integer ofConfig, int ofOptions, int builtIn) {
		return (ofConfig != null && ofConfig <= ofOptions) ? new Value(ofConfig, Origin.SERVICE_CONFIG)
				: ofOptions(ofOptions, builtIn);
	}

	private static Value ofConfig(@Nullable Object value) {
		return new Value(value, (value != null) ? Origin.SERVICE_CONFIG : Origin.BUILT_IN);
	}

	private static Value ofOptions(Object value, Object builtIn) {
		return new Value(value, value.equals(builtIn) ? Origin.BUILT_IN : Origin.OPTIONS);
	}

	/**
	 * Where a value comes from.
	 */
	public enum Origin {

		/** What holds where nobody says anything, also if somebody says the same. */
		BUILT_IN,

		/** {@link DialOptions}. */
		OPTIONS,

		/** The service config in force. */
		SERVICE_CONFIG

	}

	/**
	 * One setting.
	 *
	 * @param value the value, {@code null} for none
	 * @param origin where it comes from
	 */
	public record Value(@Nullable Object value, Origin origin) {
	}

}
