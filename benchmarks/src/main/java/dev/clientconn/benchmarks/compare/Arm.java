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

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;

/**
 * What is compared. The default arms change nothing but plaintext, and run without
 * Netty's native transport, as an application that adds no such dependency. The direct
 * arms run callbacks on the event loop, on epoll where it exists.
 */
enum Arm {

	GRPC_NETTY(null, true) {
		@Override
		ManagedChannel dial(String target) {
			return NettyChannelBuilder.forTarget(target, InsecureChannelCredentials.create()).build();
		}
	},

	GRPC_NETTY_DIRECT(null, false) {
		@Override
		ManagedChannel dial(String target) {
			return NettyChannelBuilder.forTarget(target, InsecureChannelCredentials.create()).directExecutor().build();
		}
	},

	CLIENTCONN(GRPC_NETTY, true) {
		@Override
		ManagedChannel dial(String target) {
			return ClientConn.dial(target, DialOptions.builder().insecure().build());
		}
	},

	CLIENTCONN_DIRECT(GRPC_NETTY_DIRECT, false) {
		@Override
		ManagedChannel dial(String target) {
			return ClientConn.dial(target, DialOptions.builder().insecure().executor(Runnable::run).build());
		}
	};

	/** What this arm is divided by, null for those that others are divided by. */
	final Arm baseline;

	private final boolean defaults;

	Arm(Arm baseline, boolean defaults) {
		this.baseline = baseline;
		this.defaults = defaults;
	}

	abstract ManagedChannel dial(String target);

	/** What the arm's JVM needs beyond what all have. */
	List<String> jvmOptions() {
		return this.defaults ? List.of("-Dio.netty.transport.noNative=true") : List.of();
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

}
