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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.ConnectivitySnapshot.Event;
import org.jspecify.annotations.Nullable;

/**
 * The last events of one address, for operators. Written in the serial context, read by
 * any thread; the lock covers nothing but the ring.
 */
final class EventLog {

	/** Enough for the last ten or so outages of an address, at a few KiB. */
	static final int CAPACITY = 64;

	/** Grows with use: most addresses of a large list see a handful of events. */
	private @Nullable Entry[] ring = new Entry[4];

	private long written;

	void add(long atMillis, long listVersion, String what) {
		synchronized (this) {
			if (this.written == this.ring.length && this.ring.length < CAPACITY) {
				this.ring = java.util.Arrays.copyOf(this.ring, this.ring.length * 2);
			}
			this.ring[(int) (this.written++ % this.ring.length)] = new Entry(atMillis, listVersion, what);
		}
	}

	List<Event> events() {
		List<Event> events = new ArrayList<>();
		synchronized (this) {
			long previous = -1;
			for (long i = Math.max(0, this.written - this.ring.length); i < this.written; i++) {
				Entry entry = this.ring[(int) (i % this.ring.length)];
				if (entry != null) {
					Duration since = (previous < 0) ? Duration.ZERO : Duration.ofMillis(entry.atMillis - previous);
					events.add(new Event(Instant.ofEpochMilli(entry.atMillis), entry.listVersion, entry.what, since));
					previous = entry.atMillis;
				}
			}
		}
		return events;
	}

	private record Entry(long atMillis, long listVersion, String what) {
	}

}
