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
import java.util.List;
import java.util.Locale;

import dev.clientconn.benchmarks.channels.Armeria;
import dev.clientconn.benchmarks.channels.Channels;
import dev.clientconn.benchmarks.channels.ClientConns;
import dev.clientconn.benchmarks.channels.GrpcNetty;
import dev.clientconn.benchmarks.floor.FloorChannel;

/**
 * What is compared. The default arms change nothing but plaintext. clientconn has what
 * the starter brings, Netty's native transport among it; clientconn-nio does without, as
 * grpc-netty does unless an application adds it. All others run callbacks on the event
 * loop, on epoll where it exists.
 */
enum Arm {

	GRPC_NETTY(null, Kind.CHANNEL) {
		@Override
		Channels channels() {
			return GrpcNetty.byDefault();
		}
	},

	GRPC_NETTY_TUNED(null, Kind.CHANNEL) {
		@Override
		Channels channels() {
			return GrpcNetty.tuned();
		}
	},

	CLIENTCONN(GRPC_NETTY, Kind.CHANNEL) {
		@Override
		Channels channels() {
			return ClientConns.byDefault();
		}
	},

	CLIENTCONN_NIO(GRPC_NETTY, Kind.CHANNEL) {
		@Override
		Channels channels() {
			return ClientConns.byDefault();
		}
	},

	CLIENTCONN_DIRECT(GRPC_NETTY_TUNED, Kind.CHANNEL) {
		@Override
		Channels channels() {
			return ClientConns.direct();
		}
	},

	ARMERIA(GRPC_NETTY_TUNED, Kind.CLIENT) {
		@Override
		Channels channels() {
			return Armeria.byDefault();
		}
	},

	H2(GRPC_NETTY_TUNED, Kind.FLOOR) {
		@Override
		Channels channels() {
			return FloorChannel.h2();
		}
	},

	FRAMES(GRPC_NETTY_TUNED, Kind.FLOOR) {
		@Override
		Channels channels() {
			return FloorChannel.frames();
		}
	};

	/** What this arm is divided by, null for those that others are divided by. */
	final Arm baseline;

	final Kind kind;

	Arm(Arm baseline, Kind kind) {
		this.baseline = baseline;
		this.kind = kind;
	}

	abstract Channels channels();

	/** What the arm's JVM needs beyond what all have. */
	List<String> jvmOptions() {
		boolean defaults = this == GRPC_NETTY || this == CLIENTCONN_NIO;
		return defaults ? List.of("-Dio.netty.transport.noNative=true") : List.of();
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static Arm of(String id) {
		return Arrays.stream(values())
			.filter((arm) -> arm.id().equals(id))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"No arm '" + id + "', only " + Arrays.stream(values()).map(Arm::id).toList()));
	}

	/** What an arm can do; each kind can do what those after it can. */
	enum Kind {

		/**
		 * Keeps all its addresses connected, and follows changes of its list. Streams.
		 */
		CHANNEL,

		/**
		 * Carries all calls but streams of requests: Armeria 1.36.0 does not always call
		 * onReady again, and the stream stalls.
		 */
		CLIENT,

		/** Carries calls that need no deadline, metadata or flow control of requests. */
		FLOOR

	}

}
