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

package dev.clientconn.naming;

import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A parsed dial target, after the gRPC naming rules.
 *
 * @param text the target as the user wrote it
 * @param scheme lower-case scheme; {@code dns} where the text has none
 * @param authority what stands between {@code //} and the next {@code /}; empty if absent
 * @param endpoint the rest, without its leading slash (a {@code unix} path keeps it)
 */
public record Target(String text, String scheme, String authority, String endpoint) {

	private static final Set<String> BUILT_IN_SCHEMES = Set.of("dns", "discovery", "static", "unix");

	public Target {
		Objects.requireNonNull(text, "text");
		Objects.requireNonNull(scheme, "scheme");
		Objects.requireNonNull(authority, "authority");
		Objects.requireNonNull(endpoint, "endpoint");
	}

	/**
	 * Parses a target of one of the schemes {@code dns}, {@code discovery},
	 * {@code static} and {@code unix}.
	 * @param text what was dialled
	 * @return the target
	 * @throws IllegalArgumentException as {@link #parse(String, Set)}
	 */
	public static Target parse(String text) {
		return parse(text, Set.of());
	}

	/**
	 * Parses a target. It has one of the forms {@code scheme:///endpoint},
	 * {@code scheme://authority/endpoint} and {@code scheme:endpoint}; anything else,
	 * such as {@code host:port}, is the endpoint of a {@code dns} target. Without
	 * {@code //}, what stands before the first colon is a scheme only if it is a known
	 * one: a host that is called like a scheme needs {@code dns:///host:port}. The list
	 * of a {@code static} target may also stand where an authority would.
	 * @param text what was dialled
	 * @param schemes known schemes in addition to {@code dns}, {@code discovery},
	 * {@code static} and {@code unix}; lower case
	 * @return the target
	 * @throws IllegalArgumentException if the text is blank, or has {@code ://} after an
	 * unknown scheme
	 */
	public static Target parse(String text, Set<String> schemes) {
		Objects.requireNonNull(text, "text");
		if (text.isBlank()) {
			throw new IllegalArgumentException("target: \"" + text
					+ "\" (expected: host:port or scheme:///endpoint with a scheme of: " + known(schemes) + ")");
		}
		int colon = text.indexOf(':');
		if (colon < 0) {
			return new Target(text, "dns", "", text);
		}
		String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
		boolean isKnown = BUILT_IN_SCHEMES.contains(scheme) || schemes.contains(scheme);
		if (text.startsWith("//", colon + 1)) {
			if (!isKnown) {
				throw new IllegalArgumentException("target: \"" + text + "\" (unknown scheme \"" + scheme
						+ "\"; expected one of: " + known(schemes) + ")");
			}
			return hierarchical(text, scheme, text.substring(colon + 3));
		}
		if (isKnown) {
			return new Target(text, scheme.intern(), "", endpoint(scheme, text.substring(colon + 1)));
		}
		return new Target(text, "dns", "", text);
	}

	@Override
	public String toString() {
		return this.text;
	}

	private static Target hierarchical(String text, String scheme, String rest) {
		int slash = rest.indexOf('/');
		String authority = (slash < 0) ? rest : rest.substring(0, slash);
		String path = (slash < 0) ? "" : rest.substring(slash);
		if (scheme.equals("static") && path.length() <= 1) {
			return new Target(text, "static", "", authority);
		}
		return new Target(text, scheme.intern(), authority, endpoint(scheme, path));
	}

	private static String endpoint(String scheme, String path) {
		return (path.startsWith("/") && !scheme.equals("unix")) ? path.substring(1) : path;
	}

	private static String known(Set<String> schemes) {
		Set<String> all = new TreeSet<>(BUILT_IN_SCHEMES);
		all.addAll(schemes);
		return String.join(", ", all);
	}

}
