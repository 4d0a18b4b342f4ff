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
import java.util.List;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** A bidirectional echo. */
final class EchoStream implements StreamObserver<EchoReply> {

	private final List<String> replies = new ArrayList<>();

	private final StreamObserver<EchoRequest> requests;

	private Status end;

	EchoStream(ClientConn conn) {
		this.requests = EchoGrpc.newStub(conn).withWaitForReady().bidi(this);
	}

	void send(String message) {
		this.requests.onNext(EchoRequest.newBuilder().setMessage(message).build());
	}

	void exchange(String message) {
		send(message);
		Scenario.soon().until(() -> received(message));
	}

	void complete() {
		this.requests.onCompleted();
	}

	boolean isEnded() {
		return end() != null;
	}

	Status awaitEnd() {
		return Scenario.soon().until(this::end, (got) -> got != null);
	}

	private synchronized boolean received(String message) {
		return this.replies.contains(message);
	}

	private synchronized Status end() {
		return this.end;
	}

	@Override
	public synchronized void onNext(EchoReply reply) {
		this.replies.add(reply.getMessage());
	}

	@Override
	public synchronized void onError(Throwable cause) {
		this.end = Status.fromThrowable(cause);
	}

	@Override
	public synchronized void onCompleted() {
		this.end = Status.OK;
	}

}
