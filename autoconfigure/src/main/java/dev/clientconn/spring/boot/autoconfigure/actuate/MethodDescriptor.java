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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import dev.clientconn.MethodSettings;
import dev.clientconn.MethodSettings.Value;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What applies to calls of a method as the endpoint shows it.
 *
 * @param entry the service config's entry for the method, as in
 * {@link ServiceConfigDescriptor#methods}; absent if there is none
 * @param settings the settings by the names of service configs
 * @since 0.1.0
 */
public record MethodDescriptor(@Nullable String entry,
		Map<String, SettingDescriptor> settings) implements OperationResponseBody {

	static MethodDescriptor of(MethodSettings method) {
		Map<String, SettingDescriptor> settings = new LinkedHashMap<>();
		method.values().forEach((name, value) -> settings.put(name, SettingDescriptor.of(value)));
		String entry = method.entry();
		return new MethodDescriptor((entry != null) ? ServiceConfigDescriptor.pattern(entry) : null, settings);
	}

	/**
	 * One setting.
	 *
	 * @param value its value; absent for none
	 * @param origin service-config, options (which are made of the properties) or
	 * built-in
	 */
	public record SettingDescriptor(@Nullable Object value, String origin) {

		private static SettingDescriptor of(Value setting) {
			return new SettingDescriptor(setting.value(),
					setting.origin().name().toLowerCase(Locale.ROOT).replace('_', '-'));
		}

	}

}
