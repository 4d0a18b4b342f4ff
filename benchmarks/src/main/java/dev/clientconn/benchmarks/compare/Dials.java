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

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

import dev.clientconn.benchmarks.channels.Channels;
import dev.clientconn.benchmarks.channels.Channels.Listed;
import io.grpc.ManagedChannel;

/**
 * What a workload may dial: channels of one arm to the server, which answers at every
 * address of 127.0.0.0/8 (on Linux all of them are this machine).
 */
final class Dials {

	final Arm arm;

	final ServerProbe server;

	private final Channels channels;

	private final int port;

	private final int shrink;

	private Dials(Arm arm, ServerProbe server, Channels channels, int port, int shrink) {
		this.arm = arm;
		this.server = server;
		this.channels = channels;
		this.port = port;
		this.shrink = shrink;
	}

	/**
	 * What an arm may dial in plaintext.
	 * @param shrink by what the sizes of workloads are divided
	 */
	static Dials of(Arm arm, ServerAddress server, int shrink) throws IOException {
		return new Dials(arm, new ServerProbe(server), arm.channels(), server.port(), shrink);
	}

	/**
	 * The same over TLS; only the first address has a name that the certificate is for.
	 */
	Dials overTls() {
		ServerAddress address = this.server.address();
		return new Dials(this.arm, this.server, this.channels.trusting(address.authority()), address.tlsPort(),
				this.shrink);
	}

	/** A channel to one address. */
	ManagedChannel dial() {
		return this.channels.dial(address(0));
	}

	ManagedChannel dialLazily() {
		return this.channels.dialLazily(address(0));
	}

	/** A channel to many addresses, which it begins to connect to. */
	Listed dial(List<String> addresses) {
		return this.channels.dial(addresses);
	}

	/** A channel to many addresses, all of them connected. */
	ManagedChannel connectAll(int count) {
		try {
			long before = this.server.accepted();
			ManagedChannel channel = dial(addresses(count)).channel();
			if (this.arm.kind != Arm.Kind.CLIENT) {
				this.server.awaitAccepted(before + count);
			}
			return channel;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The size to use in place of the one that a workload has by its name. */
	int size(int named) {
		return Math.max(2, named / this.shrink);
	}

	List<String> addresses(int count) {
		return IntStream.range(0, count).mapToObj(this::address).toList();
	}

	/** The nth address of the server. */
	String address(int n) {
		int host = n + 1;
		return "127." + (host >> 16) + "." + ((host >> 8) & 255) + "." + (host & 255) + ":" + this.port;
	}

}
