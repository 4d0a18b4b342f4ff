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

package dev.clientconn.transport;

import java.util.concurrent.TimeUnit;

import io.netty.util.AsciiString;

/**
 * The {@code grpc-timeout} header: at most eight digits and a unit.
 */
final class TimeoutHeader {

	private static final long LIMIT = 100_000_000;

	private static final TimeUnit[] UNITS = { TimeUnit.NANOSECONDS, TimeUnit.MICROSECONDS, TimeUnit.MILLISECONDS,
			TimeUnit.SECONDS, TimeUnit.MINUTES, TimeUnit.HOURS };

	private static final String SYMBOLS = "numSMH";

	private TimeoutHeader() {
	}

	/**
	 * Returns the timeout in the finest unit that fits, rounded down and at least 1n: a
	 * server takes zero for malformed.
	 */
	static AsciiString encode(long nanos) {
		long value = Math.max(1, nanos);
		int unit = 0;
		while (value >= LIMIT) {
			unit++;
			value = UNITS[unit].convert(Math.max(1, nanos), TimeUnit.NANOSECONDS);
		}
		return write(value, SYMBOLS.charAt(unit));
	}

	private static AsciiString write(long value, char symbol) {
		int digits = 1;
		for (long rest = value / 10; rest > 0; rest /= 10) {
			digits++;
		}
		byte[] text = new byte[digits + 1];
		text[digits] = (byte) symbol;
		for (int i = digits - 1; i >= 0; i--) {
			text[i] = (byte) ('0' + value % 10);
			value /= 10;
		}
		return new AsciiString(text, false);
	}

}
