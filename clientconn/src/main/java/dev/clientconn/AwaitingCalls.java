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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for something that may never come. The set is made for the first of
 * them: most ClientConns have none. Any thread.
 *
 * @param <C> what is kept of a call
 */
final class AwaitingCalls<C> {

	private volatile @Nullable Set<C> calls;

	void add(C call) {
		Set<C> known = this.calls;
		((known != null) ? known : make()).add(call);
	}

	void remove(C call) {
		Set<C> known = this.calls;
		if (known != null) {
			known.remove(call);
		}
	}

	/** Those that were added before, and are not removed. */
	void forEach(Consumer<C> action) {
		Set<C> known = this.calls;
		if (known != null) {
			known.forEach(action);
		}
	}

	private synchronized Set<C> make() {
		Set<C> known = this.calls;
		if (known == null) {
			known = ConcurrentHashMap.newKeySet();
			this.calls = known;
		}
		return known;
	}

}
