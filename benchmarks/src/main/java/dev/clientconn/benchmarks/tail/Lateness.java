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
 * Which replies are late, and what load hedges may add there. Late is a hundred times the
 * time that a reply takes.
 */
enum Lateness {

	NONE("no reply is late", 1, 0, 0, 0.02, 2),

	ONE_SERVER("5 % of the replies of one server of four, 1.25 % of all", 1, 0.05, 1, 0.02, 2),

	ALL_SERVERS("5 % of all replies; the load allows to hedge 2 %", 1, 0.05, LateTail.SERVERS, 0.02, 2),

	ALL_SERVERS_MORE_LOAD("5 % of all replies; the load allows 8 %, three attempts", 1, 0.05, LateTail.SERVERS, 0.08,
			3),

	SLOWER("every reply takes ten times as long as in the warm-up", 10, 0, 0, 0.02, 2);

	private static final int LATE = 100;

	final String text;

	private final int slower;

	private final double share;

	private final int servers;

	final double maxExtraLoad;

	final int maxAttempts;

	Lateness(String text, int slower, double share, int servers, double maxExtraLoad, int maxAttempts) {
		this.text = text;
		this.slower = slower;
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

	/**
	 * Returns what the servers are told for the warm-up.
	 * @param micros what a reply takes
	 */
	String warmUp(long micros) {
		return delay(micros, micros);
	}

	/**
	 * Returns what the servers are told for the measurement.
	 * @param micros what a reply takes in the warm-up
	 */
	String measured(long micros) {
		return delay(this.slower * micros, micros);
	}

	private String delay(long micros, long usual) {
		return "delay " + micros + " " + LATE * usual + " " + this.share + " " + this.servers;
	}

}
