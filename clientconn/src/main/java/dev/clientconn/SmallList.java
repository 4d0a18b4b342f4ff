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
import java.util.Iterator;
import java.util.List;

/**
 * A list that has one element or none most of the time, and takes little memory then. It
 * is copied at each change, so that any thread may read it, and go through it while it
 * changes.
 *
 * @param <E> what is in it
 */
final class SmallList<E> implements Iterable<E> {

	private volatile List<E> elements = List.of();

	synchronized void add(E element) {
		this.elements = with(this.elements, element);
	}

	/** Returns whether it was there. */
	synchronized boolean remove(E element) {
		List<E> before = this.elements;
		this.elements = without(before, element);
		return this.elements != before;
	}

	/** A list that cannot change, with one element more at its end. */
	static <E> List<E> with(List<E> before, E added) {
		if (before.isEmpty()) {
			return List.of(added);
		}
		List<E> more = new ArrayList<>(before);
		more.add(added);
		return List.copyOf(more);
	}

	/** A list that cannot change, with one element less; the same if it is not in it. */
	static <E> List<E> without(List<E> before, E removed) {
		if (!before.contains(removed)) {
			return before;
		}
		if (before.size() == 1) {
			return List.of();
		}
		List<E> left = new ArrayList<>(before);
		left.remove(removed);
		return List.copyOf(left);
	}

	/** What is in it now; does not follow later changes. */
	List<E> get() {
		return this.elements;
	}

	boolean isEmpty() {
		return this.elements.isEmpty();
	}

	@Override
	public Iterator<E> iterator() {
		return this.elements.iterator();
	}

}
