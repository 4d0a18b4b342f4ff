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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A set that hardly ever has elements, and takes next to no memory then: a ClientConn has
 * several of the kind, an application has many ClientConns. In the order of insertion.
 * For one thread at a time.
 *
 * @param <E> what is in it
 */
final class RareSet<E> {

	private Set<E> elements = Set.of();

	/** Returns whether it was not there. */
	boolean add(E element) {
		if (this.elements.isEmpty()) {
			this.elements = new LinkedHashSet<>(2);
		}
		return this.elements.add(element);
	}

	/** Returns whether it was there. */
	boolean remove(E element) {
		if (this.elements.isEmpty() || !this.elements.remove(element)) {
			return false;
		}
		if (this.elements.isEmpty()) {
			this.elements = Set.of();
		}
		return true;
	}

	boolean contains(E element) {
		return this.elements.contains(element);
	}

	int size() {
		return this.elements.size();
	}

	boolean isEmpty() {
		return this.elements.isEmpty();
	}

	/** What is in it now, the oldest first. */
	List<E> copy() {
		return new ArrayList<>(this.elements);
	}

	/** Takes everything out, the oldest first. */
	List<E> removeAll() {
		List<E> all = copy();
		this.elements = Set.of();
		return all;
	}

}
