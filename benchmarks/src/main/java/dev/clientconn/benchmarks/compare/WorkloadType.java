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

import io.grpc.ManagedChannel;

/**
 * The workloads by name. To add one, write a {@link Workload} and name it here.
 */
enum WorkloadType {

	UNARY_ASYNC_64("RPC", (arm) -> new UnaryAsync(arm.get(), 64)),

	UNARY_BLOCKING_1("RPC", (arm) -> new UnaryBlocking(arm.get(), 1)),

	UNARY_BLOCKING_64("RPC", (arm) -> new UnaryBlocking(arm.get(), 64)),

	SERVER_STREAM_100B("message", (arm) -> new ServerStreaming(arm.get(), 100)),

	CLIENT_STREAM_100B("message", (arm) -> new ClientStreaming(arm.get(), 100)),

	BIDI_PING_PONG_1("round trip", (arm) -> new BidiPingPong(arm.get(), 1));

	/** What one operation is: all figures are per this. */
	final String unit;

	private final Function<Channels, Workload> factory;

	WorkloadType(String unit, Function<Channels, Workload> factory) {
		this.unit = unit;
		this.factory = factory;
	}

	/**
	 * Opens the workload; it may ask for as many channels as it wants, and closes them.
	 */
	Workload open(Channels channels) {
		return this.factory.apply(channels);
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

	/** Makes a new channel of the arm to the server at each call. */
	@FunctionalInterface
	interface Channels {

		ManagedChannel get();

	}

}
