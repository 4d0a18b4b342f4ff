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

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import io.grpc.MethodDescriptor;

/**
 * Names of methods, as an option lists them: {@code package.Service/Method}, or
 * {@code package.Service/*} for all of a service. Immutable.
 *
 * @param methods full names
 * @param services of which all methods are meant
 */
record MethodPatterns(Set<String> methods, Set<String> services) {

	static final MethodPatterns NONE = new MethodPatterns(Set.of(), Set.of());

	private static final String ALL = "/*";

	/**
	 * Reads them.
	 * @param option its name, for errors
	 * @param patterns what a user wrote
	 * @throws IllegalArgumentException if one has neither form; the message says which
	 */
	static MethodPatterns of(String option, Collection<String> patterns) {
		if (patterns.isEmpty()) {
			return NONE;
		}
		Set<String> methods = new HashSet<>();
		Set<String> services = new HashSet<>();
		int number = 0;
		for (String pattern : patterns) {
			boolean all = pattern.endsWith(ALL);
			String name = all ? pattern.substring(0, pattern.length() - ALL.length()) : pattern;
			if (!(all ? Forms.SERVICE : Forms.METHOD).matcher(name).matches()) {
				throw new IllegalArgumentException(option + "[" + number + "]: \"" + pattern
						+ "\" (expected: package.Service/Method, or package.Service/* for all its methods)");
			}
			(all ? services : methods).add(name);
			number++;
		}
		return new MethodPatterns(Set.copyOf(methods), Set.copyOf(services));
	}

	/** Costs two look-ups, and nothing where there are no patterns. */
	boolean contains(MethodDescriptor<?, ?> method) {
		String service = method.getServiceName();
		return this.methods.contains(method.getFullMethodName())
				|| (service != null && this.services.contains(service));
	}

	@Override
	public String toString() {
		Set<String> sorted = new TreeSet<>(this.methods);
		this.services.forEach((service) -> sorted.add(service + ALL));
		return sorted.toString();
	}

	/**
	 * Compiled when the first pattern is read.
	 */
	private static final class Forms {

		private static final Pattern SERVICE = Pattern.compile("[^/*\\s]+");

		private static final Pattern METHOD = Pattern.compile("[^/*\\s]+/[^/*\\s]+");

	}

}
