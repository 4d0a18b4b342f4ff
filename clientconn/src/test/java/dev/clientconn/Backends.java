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

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;

/**
 * Some servers that answer as a test says, and what they were asked.
 */
final class Backends {

	private static final String WARM_UP = "warm-up";

	private final List<ScriptedHttp2Server> servers;

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private volatile Function<Request, Reply> answers;

	Backends(Scenario scenario, int count, Function<Request, Reply> answers) {
		this.answers = answers;
		this.servers = IntStream.range(0, count)
			.mapToObj((number) -> scenario.scripted(script(number), script(number), script(number)))
			.toList();
	}

	/** Answers a request with its own message. */
	static Reply echo(Request request) {
		return Reply.message(Scenario.bytes(request.message));
	}

	/** Leaves a request without an answer. */
	static Reply silence(Request request) {
		return Reply.none();
	}

	/** Ends a request, before any headers, as a server does that cannot take it. */
	static Reply unavailable(Request request) {
		return Reply.status(14, "not now");
	}

	List<Address> addresses() {
		return this.servers.stream().map(ScriptedHttp2Server::address).toList();
	}

	void answer(Function<Request, Reply> answers) {
		this.answers = answers;
	}

	/** Dials all, and returns once the balancer picks each of them. */
	ClientConn dial(Scenario scenario, DialOptions.Builder options) {
		String target = addresses().stream().map(Address::addr).collect(Collectors.joining(",", "static:", ""));
		ClientConn conn = scenario.dial(target, options);
		Scenario.soon().until(() -> {
			CallRecorder.unary(conn, WARM_UP, CallOptions.DEFAULT.withWaitForReady()).awaitStatus();
			return conn.snapshot().addresses().stream().allMatch((each) -> each.callsSucceeded() > 0);
		});
		return conn;
	}

	/** Returns the requests but those of the dial, in the order of their arrival. */
	List<Request> requests() {
		return this.requests;
	}

	/** Returns whether no server was asked twice for the same call. */
	boolean eachAskedOnce() {
		Set<Request> different = new HashSet<>(this.requests);
		return different.size() == this.requests.size();
	}

	private ScriptedHttp2Server.Script script(int number) {
		return (peer) -> {
			peer.handshake();
			peer.autoReply((streamId, headers, message) -> {
				Request request = new Request(number, new String(message, StandardCharsets.ISO_8859_1));
				if (request.message.equals(WARM_UP)) {
					return echo(request);
				}
				this.requests.add(request);
				return this.answers.apply(request);
			});
		};
	}

	/**
	 * A request that has arrived whole.
	 *
	 * @param server number of the server
	 * @param message which names the call
	 */
	record Request(int server, String message) {
	}

}
