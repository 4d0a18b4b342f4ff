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

package dev.clientconn.benchmarks.compare;

import java.util.Arrays;
import java.util.function.Function;

import dev.clientconn.benchmarks.compare.Arm.Kind;

/**
 * The workloads by name. To add one, write a {@link Workload} and name it here.
 */
enum WorkloadType {

	UNARY_ASYNC_64("RPC", Kind.FLOOR, (arm) -> UnaryAsync.plain(arm.dial(), 64)),

	UNARY_ASYNC_512("RPC", Kind.FLOOR, (arm) -> UnaryAsync.plain(arm.dial(), 512)),

	UNARY_DEADLINE_64("RPC", Kind.CLIENT, (arm) -> UnaryAsync.withDeadline(arm.dial(), 64)),

	UNARY_METADATA_64("RPC", Kind.CLIENT, (arm) -> UnaryAsync.withMetadata(arm.dial(), 64)),

	UNARY_ASYNC_64_TLS("RPC", Kind.CLIENT, (arm) -> UnaryAsync.plain(arm.overTls().dial(), 64)),

	UNARY_BLOCKING_1("RPC", Kind.FLOOR, (arm) -> UnaryBlocking.onThreads(arm.dial(), 1)),

	UNARY_BLOCKING_64("RPC", Kind.FLOOR, (arm) -> UnaryBlocking.onThreads(arm.dial(), 64)),

	UNARY_BLOCKING_256_VIRTUAL("RPC", Kind.FLOOR, (arm) -> UnaryBlocking.onVirtualThreads(arm.dial(), 256)),

	SERVER_STREAM_100B("message", Kind.FLOOR, (arm) -> new ServerStreaming(arm.dial(), 100)),

	SERVER_STREAM_64KIB("message", Kind.FLOOR, (arm) -> new ServerStreaming(arm.dial(), 64 << 10)),

	SERVER_STREAM_64KIB_TLS("message", Kind.CLIENT, (arm) -> new ServerStreaming(arm.overTls().dial(), 64 << 10)),

	CLIENT_STREAM_100B("message", Kind.CHANNEL, (arm) -> new ClientStreaming(arm.dial(), 100)),

	BIDI_PING_PONG_1("round trip", Kind.FLOOR, (arm) -> new BidiPingPong(arm.dial(), 1)),

	BIDI_PING_PONG_64("round trip", Kind.FLOOR, (arm) -> new BidiPingPong(arm.dial(), 64)),

	ROUND_ROBIN_10("RPC", Kind.FLOOR, (arm) -> UnaryAsync.plain(arm.connectAll(10), 64)),

	ROUND_ROBIN_100("RPC", Kind.FLOOR, (arm) -> UnaryAsync.plain(arm.connectAll(100), 64)),

	COLD_CONNECT("connect and RPC", Kind.FLOOR, ColdConnect::new),

	COLD_CONNECT_TLS("connect and RPC", Kind.CLIENT, (arm) -> new ColdConnect(arm.overTls())),

	REPLACE_ONE_1000("update", Kind.CHANNEL, (arm) -> new ReplaceOne(arm, 1_000)),

	REPLACE_ONE_10000("update", Kind.CHANNEL, (arm) -> new ReplaceOne(arm, 10_000)),

	SAME_LIST_1000("update", Kind.CHANNEL, (arm) -> new SameList(arm, 1_000)),

	SAME_LIST_10000("update", Kind.CHANNEL, (arm) -> new SameList(arm, 10_000)),

	READY_BURST_1000("address", Kind.CHANNEL, (arm) -> new ReadyBurst(arm, 1_000)),

	READY_BURST_10000("address", Kind.CHANNEL, (arm) -> new ReadyBurst(arm, 10_000)),

	HEAP_PER_ADDRESS_1000("connected address", Kind.CHANNEL, (arm) -> Footprint.ofAddresses(arm, 1_000)),

	HEAP_UNUSED_100("channel", Kind.CHANNEL, (arm) -> Footprint.ofUnused(arm, 100)),

	HEAP_CONNECTED_100("channel", Kind.CHANNEL, (arm) -> Footprint.ofConnected(arm, 100)),

	FRESH_JVM("JVM", Kind.CHANNEL, FreshJvm::new);

	/** What one operation is: all figures are per this. */
	final String unit;

	private final Kind needs;

	private final Function<Dials, Workload> factory;

	WorkloadType(String unit, Kind needs, Function<Dials, Workload> factory) {
		this.unit = unit;
		this.needs = needs;
		this.factory = factory;
	}

	/** Opens the workload, which closes what it dials. */
	Workload open(Dials arm) {
		return this.factory.apply(arm);
	}

	boolean canRun(Arm arm) {
		return arm.kind.compareTo(this.needs) <= 0;
	}

	/** Why no arm can run it on this JVM, or null. */
	String unsupported() {
		boolean virtualThreads = Runtime.version().feature() >= 21;
		return (this == UNARY_BLOCKING_256_VIRTUAL && !virtualThreads) ? "needs Java 21 or newer" : null;
	}

	/**
	 * Whether arms must not hold it open side by side, because their connections together
	 * would be more than a process may have files.
	 */
	boolean alone() {
		return connections() >= 10_000;
	}

	/** How many connections an arm has open at most, roughly where they are few. */
	int connections() {
		return name().endsWith("_10000") ? 10_000 : name().endsWith("_1000") ? 1_000 : 100;
	}

	/** Whether it tells what is held rather than what is spent. */
	boolean isHeld() {
		return name().startsWith("HEAP_");
	}

	String id() {
		return name().toLowerCase().replace('_', '-');
	}

	static WorkloadType of(String id) {
		return Arrays.stream(values())
			.filter((type) -> type.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"No workload '" + id + "', only " + Arrays.stream(values()).map(WorkloadType::id).toList()));
	}

}
