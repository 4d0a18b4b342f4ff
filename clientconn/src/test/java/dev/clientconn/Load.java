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

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fail-fast calls that follow each other on some lanes until it is closed. Each is
 * counted by the server that answered it.
 */
final class Load implements AutoCloseable {

	private final ClientConn conn;

	private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();

	private final List<Status> failures = new CopyOnWriteArrayList<>();

	private final AtomicInteger running = new AtomicInteger();

	private volatile boolean stopped;

	private Load(ClientConn conn) {
		this.conn = conn;
	}

	/** Starts it, and waits until calls have been answered. */
	static Load on(ClientConn conn, int lanes) {
		Load load = new Load(conn);
		load.running.set(lanes);
		for (int i = 0; i < lanes; i++) {
			load.next();
		}
		load.awaitMore(20);
		return load;
	}

	/** How many calls a server has answered. */
	int answers(String server) {
		AtomicInteger count = this.answers.get(server);
		return (count != null) ? count.get() : 0;
	}

	/** Waits until so many more calls were answered by anyone. */
	void awaitMore(int calls) {
		int until = total() + calls;
		Dials.await().until(() -> total() >= until);
	}

	/** Waits until so many more calls were answered by one server. */
	void awaitMore(int calls, int port) {
		String server = Integer.toString(port);
		int until = answers(server) + calls;
		Dials.await().until(() -> answers(server) >= until);
	}

	/** Ends it and proves that every call was answered. */
	void stopWithoutFailure() {
		close();
		assertThat(this.failures).isEmpty();
	}

	@Override
	public void close() {
		this.stopped = true;
		Dials.await().until(() -> this.running.get() == 0);
	}

	private int total() {
		return this.answers.values().stream().mapToInt(AtomicInteger::get).sum();
	}

	private void next() {
		if (this.stopped) {
			this.running.decrementAndGet();
			return;
		}
		ClientCall<EchoRequest, EchoReply> call = this.conn.newCall(EchoGrpc.getUnaryMethod(), Rpc.FF);
		call.start(new ClientCall.Listener<>() {

			@Override
			public void onMessage(EchoReply reply) {
				Load.this.answers.computeIfAbsent(reply.getServer(), (server) -> new AtomicInteger()).incrementAndGet();
			}

			@Override
			public void onClose(Status status, Metadata trailers) {
				if (!status.isOk()) {
					Load.this.failures.add(status);
				}
				next();
			}

		}, new Metadata());
		call.request(1);
		call.sendMessage(EchoRequest.getDefaultInstance());
		call.halfClose();
	}

}
