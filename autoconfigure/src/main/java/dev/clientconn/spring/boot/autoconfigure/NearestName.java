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

package dev.clientconn.spring.boot.autoconfigure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Guesses what a mistyped name should have been.
 */
final class NearestName {

	private NearestName() {
	}

	/**
	 * Returns the name that looks most like a wrong one.
	 * @param wrong what was written
	 * @param known the names that exist
	 * @return the nearest, empty if none is near
	 */
	static Optional<String> of(String wrong, Collection<String> known) {
		int near = Math.max(2, wrong.length() / 3);
		return known.stream()
			.filter((name) -> distance(wrong, name) <= near)
			.min(Comparator.comparingInt((String name) -> distance(wrong, name))
				.thenComparing(Comparator.naturalOrder()));
	}

	/** How many characters have to be changed, added or removed. */
	private static int distance(String first, String second) {
		String from = first.toLowerCase(Locale.ROOT);
		String to = second.toLowerCase(Locale.ROOT);
		int[] row = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = diagonal + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[to.length()];
	}

}
