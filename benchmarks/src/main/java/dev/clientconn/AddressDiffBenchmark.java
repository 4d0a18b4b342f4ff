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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.clientconn.naming.Address;
import dev.clientconn.transport.EventLoops;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An address list is compared with the one before: two lists take turns. The connections
 * are made before and none of them connects, so that only the comparison is counted, with
 * the 24 B of a task in the serial context, which is where it belongs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class AddressDiffBenchmark {

	private final SerialExecutor serial = new SerialExecutor(Runnable::run);

	private final Map<Address, AddrConn> made = new HashMap<>();

	private final Map<String, AddrConn> known = new ConcurrentHashMap<>();

	private final Function<Address, AddrConn> create = this.made::get;

	private final Runnable task = this::apply;

	/** How many addresses each list has. */
	@Param({ "100", "1000", "10000" })
	public int addresses;

	/** What the second list is. */
	@Param
	public Change change;

	private EventLoops loops;

	private List<Address> before = List.of();

	private List<Address> next;

	private List<Address> afterNext;

	private AddressDiff diff;

	@Setup
	public void list() {
		this.loops = EventLoops.shared();
		this.next = addresses(0, this.addresses);
		this.afterNext = this.change.after(this.next);
		DialOptions options = DialOptions.builder().build();
		AddrConnSettings settings = new AddrConnSettings("bench", (address, timeout, listener) -> {
			throw new IllegalStateException("Nothing connects here");
		}, this.loops.scheduler(), Pacing.of(options), new HealthService(Compression.of(options)));
		for (List<Address> list : List.of(this.next, this.afterNext)) {
			list.forEach((address) -> this.made.computeIfAbsent(address,
					(added) -> new AddrConn(added, this.serial, settings, null)));
		}
		diff();
		int expected = this.change.replaced(this.addresses);
		if (diff().added().size() != expected || this.diff.removed().size() != expected) {
			throw new IllegalStateException("Not " + expected + " of " + this.addresses + " changed: " + this.diff);
		}
	}

	@TearDown
	public void close() {
		this.loops.close();
	}

	@Benchmark
	public AddressDiff diff() {
		this.serial.execute(this.task);
		return this.diff;
	}

	/** In the serial context. */
	private void apply() {
		List<Address> list = this.next;
		this.diff = AddressDiff.apply(this.before, list, this.known, this.create);
		this.before = list;
		this.next = this.afterNext;
		this.afterNext = list;
	}

	private static List<Address> addresses(int first, int count) {
		return IntStream.range(first, first + count).mapToObj((i) -> Address.of("10.0.0.1", 1 + i)).toList();
	}

	/** How a list differs from the one before. */
	public enum Change {

		/** The same object, as from a resolver that keeps its last list. */
		SAME_OBJECT,

		/** Equal, of other objects. */
		EQUAL,

		/** One address in the middle is another, all objects are. */
		ONE,

		/** No address is in both. */
		ALL,

		/** Equal addresses, of other objects, in another order. */
		SHUFFLED;

		private List<Address> after(List<Address> list) {
			if (this == SAME_OBJECT) {
				return list;
			}
			int count = list.size();
			List<Address> next = new ArrayList<>(addresses((this == ALL) ? count : 0, count));
			if (this == ONE) {
				next.set(count / 2, Address.of("10.0.0.2", 1));
			}
			else if (this == SHUFFLED) {
				Collections.shuffle(next, new Random(1));
			}
			return next;
		}

		private int replaced(int count) {
			return switch (this) {
				case ONE -> 1;
				case ALL -> count;
				default -> 0;
			};
		}

	}

}
