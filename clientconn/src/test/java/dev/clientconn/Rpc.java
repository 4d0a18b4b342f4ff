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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * A call of the echo service and what became of it.
 */
final class Rpc extends ClientCall.Listener<EchoReply> {

	/** Fail-fast, and with a deadline so late that it shows only a call that hangs. */
	static final CallOptions FF = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.MINUTES);

	static final CallOptions WFR = FF.withWaitForReady();

	private final ClientCall<EchoRequest, EchoReply> call;

	private final CompletableFuture<Status> ended = new CompletableFuture<>();

	private final List<EchoReply> replies = new CopyOnWriteArrayList<>();

	private Rpc(ClientCall<EchoRequest, EchoReply> call) {
		this.call = call;
	}

	static CallOptions deadline(CallOptions options, Duration after) {
		return options.withDeadlineAfter(after.toNanos(), TimeUnit.NANOSECONDS);
	}

	static Rpc unary(Channel conn, CallOptions options) {
		return unary(conn, options, EchoRequest.getDefaultInstance());
	}

	static Rpc unary(Channel conn, CallOptions options, EchoRequest request) {
		Rpc rpc = start(conn, EchoGrpc.getUnaryMethod(), options);
		rpc.call.sendMessage(request);
		rpc.call.halfClose();
		return rpc;
	}

	/** Opens a stream that stays open. */
	static Rpc bidi(Channel conn, CallOptions options) {
		Rpc rpc = start(conn, EchoGrpc.getBidiMethod(), options);
		rpc.call.sendMessage(EchoRequest.getDefaultInstance());
		return rpc;
	}

	private static Rpc start(Channel conn, MethodDescriptor<EchoRequest, EchoReply> method, CallOptions options) {
		Rpc rpc = new Rpc(conn.newCall(method, options));
		rpc.call.start(rpc, new Metadata());
		rpc.call.request(Integer.MAX_VALUE);
		return rpc;
	}

	ClientCall<EchoRequest, EchoReply> call() {
		return this.call;
	}

	boolean isEnded() {
		return this.ended.isDone();
	}

	List<EchoReply> replies() {
		return this.replies;
	}

	Status await() {
		try {
			return this.ended.get(Dials.TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("the call has not ended", ex);
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new AssertionError(ex);
		}
	}

	Status.Code awaitCode() {
		return await().getCode();
	}

	@Override
	public void onMessage(EchoReply reply) {
		this.replies.add(reply);
	}

	@Override
	public void onClose(Status status, Metadata trailers) {
		if (!this.ended.complete(status)) {
			throw new AssertionError("closed twice: " + status);
		}
	}

}
