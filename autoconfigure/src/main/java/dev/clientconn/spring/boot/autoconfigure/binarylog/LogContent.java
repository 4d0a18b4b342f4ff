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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.Setting;

import org.springframework.util.unit.DataSize;

/**
 * What is logged.
 *
 * @param methods patterns of the methods; never without a value
 * @param maxHeaderBytes bytes of headers, without a value for all
 * @param maxMessageBytes bytes of each message, without a value for all
 * @param redactHeaders names of headers whose values are not logged
 */
record LogContent(Setting<List<String>> methods, Setting<DataSize> maxHeaderBytes, Setting<DataSize> maxMessageBytes,
		Setting<List<String>> redactHeaders) {

	private static final Pattern METHODS = Pattern.compile("\\*|[\\w.]+/\\*|-?[\\w.]+/\\w+");

	private static final Set<String> ALWAYS_REDACTED = Set.of("authorization", "proxy-authorization", "cookie",
			"set-cookie");

	static LogContent of(ChannelSettings settings) {
		return new LogContent(
				settings.<List<String>>get("binary-log.methods", (p) -> p.getBinaryLog().getMethods()).or(List.of("*")),
				settings.get("binary-log.max-header-bytes", (p) -> p.getBinaryLog().getMaxHeaderBytes()),
				settings.get("binary-log.max-message-bytes", (p) -> p.getBinaryLog().getMaxMessageBytes()),
				settings.get("binary-log.redact-headers", (p) -> p.getBinaryLog().getRedactHeaders()));
	}

	/** Returns the same in the form of gRFC A16, for grpc-services. */
	String filter() {
		String limits = "{h" + limit(this.maxHeaderBytes) + ";m" + limit(this.maxMessageBytes) + "}";
		return Objects.requireNonNull(this.methods.as((patterns) -> {
			if (patterns.isEmpty()) {
				throw new IllegalArgumentException("no method (expected: at least one, such as '*')");
			}
			return new LinkedHashSet<>(patterns).stream()
				.map(LogContent::requireValid)
				.map((pattern) -> pattern.startsWith("-") ? pattern : pattern + limits)
				.collect(Collectors.joining(","));
		}).value());
	}

	/** Returns names in lower case. */
	Set<String> redacted() {
		Set<String> names = new TreeSet<>(ALWAYS_REDACTED);
		this.redactHeaders.orElse(List.of()).forEach((name) -> names.add(name.toLowerCase(Locale.ROOT)));
		return names;
	}

	private static String limit(Setting<DataSize> setting) {
		Integer bytes = setting.as((size) -> {
			if (size.toBytes() < 0 || size.toBytes() > Integer.MAX_VALUE) {
				throw new IllegalArgumentException(size + " (expected: 0 to " + Integer.MAX_VALUE + "B)");
			}
			return (int) size.toBytes();
		}).value();
		return (bytes != null) ? ":" + bytes : "";
	}

	private static String requireValid(String pattern) {
		if (!METHODS.matcher(pattern).matches()) {
			throw new IllegalArgumentException("\"" + pattern
					+ "\" (expected: '*', 'pkg.Service/*', 'pkg.Service/Method' or '-pkg.Service/Method')");
		}
		return pattern;
	}

}
