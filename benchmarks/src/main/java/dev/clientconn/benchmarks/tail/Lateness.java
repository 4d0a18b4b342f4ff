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

package dev.clientconn.benchmarks.tail;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which replies are late, and what load hedges may add there. A reply takes 2 ms; late is
 * a hundred times that.
 */
enum Lateness {

	NONE("no reply is late", 2_000, 0, 0, 0.02, 2),

	ONE_SERVER("5 % of the replies of one server of four, 1.25 % of all", 2_000, 0.05, 1, 0.02, 2),

	ALL_SERVERS("5 % of all replies; the load allows to hedge 2 %", 2_000, 0.05, LateTail.SERVERS, 0.02, 2),

	ALL_SERVERS_MORE_LOAD("5 % of all replies; the load allows 8 %, three attempts", 2_000, 0.05, LateTail.SERVERS,
			0.08, 3),

	SLOWER("every reply takes ten times as long as in the warm-up", 20_000, 0, 0, 0.02, 2);

	static final long BASE_MICROS = 2_000;

	static final long LATE_MICROS = 100 * BASE_MICROS;

	final String text;

	final long baseMicros;

	final double share;

	final int servers;

	final double maxExtraLoad;

	final int maxAttempts;

	Lateness(String text, long baseMicros, double share, int servers, double maxExtraLoad, int maxAttempts) {
		this.text = text;
		this.baseMicros = baseMicros;
		this.share = share;
		this.servers = servers;
		this.maxExtraLoad = maxExtraLoad;
		this.maxAttempts = maxAttempts;
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static List<Lateness> of(String ids) {
		List<String> wanted = List.of(ids.split(","));
		return Arrays.stream(values()).filter((each) -> wanted.contains(each.id())).toList();
	}

	/** Warm-up replies are as late as the measured ones, but for the base time. */
	String warmUp() {
		return delay(BASE_MICROS);
	}

	String measured() {
		return delay(this.baseMicros);
	}

	private String delay(long micros) {
		return "delay " + micros + " " + LATE_MICROS + " " + this.share + " " + this.servers;
	}

}
