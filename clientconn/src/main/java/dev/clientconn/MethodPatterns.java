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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.grpc.MethodDescriptor;

/**
 * Names of methods, as an option lists them: {@code package.Service/Method}, or
 * {@code package.Service/*} for all of a service. Immutable.
 */
final class MethodPatterns {

	static final MethodPatterns NONE = new MethodPatterns(Set.of());

	private final Set<String> patterns;

	private MethodPatterns(Set<String> patterns) {
		this.patterns = patterns;
	}

	/**
	 * Reads them.
	 * @param option its name, for errors
	 * @param patterns what a user wrote
	 * @throws IllegalArgumentException if one has neither form; the message says which
	 */
	static MethodPatterns of(String option, Collection<String> patterns) {
		int number = 0;
		for (String pattern : patterns) {
			int slash = pattern.lastIndexOf('/');
			boolean named = slash > 0 && slash < pattern.length() - 1 && pattern.indexOf('/') == slash;
			int star = pattern.indexOf('*');
			boolean starred = star < 0 || (star == slash + 1 && pattern.length() == slash + 2);
			if (!named || !starred || pattern.chars().anyMatch(Character::isWhitespace)) {
				throw new IllegalArgumentException(option + "[" + number + "]: \"" + pattern
						+ "\" (expected: package.Service/Method, or package.Service/* for all its methods)");
			}
			number++;
		}
		return new MethodPatterns(new TreeSet<>(patterns));
	}

	boolean isEmpty() {
		return this.patterns.isEmpty();
	}

	boolean contains(MethodDescriptor<?, ?> method) {
		return !this.patterns.isEmpty() && (this.patterns.contains(method.getFullMethodName())
				|| this.patterns.contains(method.getServiceName() + "/*"));
	}

	/** Returns them in the order of the alphabet. */
	List<String> asList() {
		return List.copyOf(this.patterns);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof MethodPatterns that && this.patterns.equals(that.patterns);
	}

	@Override
	public int hashCode() {
		return this.patterns.hashCode();
	}

	@Override
	public String toString() {
		return this.patterns.toString();
	}

}
