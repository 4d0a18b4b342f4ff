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
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * All four kinds of calls against grpc-java's server, small and large.
 */
class EchoCallTests {

	private static final int LARGE = 3 * 1024 * 1024;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final EchoServer server = this.scenario.echo();

	private final ClientConn conn = this.scenario.dial(this.server);

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void serverStreamOf10000Messages() {
		Iterator<EchoReply> replies = EchoGrpc.newBlockingStub(this.conn)
			.serverStream(EchoRequest.newBuilder().setMessage("again").setCount(10_000).build());
		int count = 0;
		while (replies.hasNext()) {
			assertThat(replies.next().getMessage()).isEqualTo("again");
			count++;
		}
		assertThat(count).isEqualTo(10_000);
	}

	@Test
	void bidiKeepsTheOrder() throws Exception {
		Replies replies = new Replies();
		StreamObserver<EchoRequest> requests = EchoGrpc.newStub(this.conn).bidi(replies);
		for (int i = 0; i < 1_000; i++) {
			requests.onNext(EchoRequest.newBuilder().setMessage(Integer.toString(i)).build());
		}
		requests.onCompleted();
		List<EchoReply> all = replies.await();
		assertThat(all).hasSize(1_000);
		for (int i = 0; i < 1_000; i++) {
			assertThat(all.get(i).getMessage()).isEqualTo(Integer.toString(i));
		}
	}

	@Test
	void clientStreamIsCounted() throws Exception {
		Replies replies = new Replies();
		StreamObserver<EchoRequest> requests = EchoGrpc.newStub(this.conn).clientStream(replies);
		for (int i = 0; i < 100; i++) {
			requests.onNext(EchoRequest.getDefaultInstance());
		}
		requests.onCompleted();
		assertThat(replies.await()).singleElement().extracting(EchoReply::getMessage).isEqualTo("100");
	}

	@Test
	void largeMessagesBothWays() throws Exception {
		byte[] octets = new byte[LARGE];
		for (int i = 0; i < LARGE; i++) {
			octets[i] = (byte) (i * 31);
		}
		EchoRequest request = EchoRequest.newBuilder().setPayload(ByteString.copyFrom(octets)).build();
		assertThat(EchoGrpc.newBlockingStub(this.conn).unary(request).getPayload()).isEqualTo(request.getPayload());
		assertThat(EchoGrpc.newBlockingStub(this.conn).withCompression("gzip").unary(request).getPayload())
			.isEqualTo(request.getPayload());
		Replies replies = new Replies();
		StreamObserver<EchoRequest> requests = EchoGrpc.newStub(this.conn).bidi(replies);
		for (int i = 0; i < 3; i++) {
			requests.onNext(request);
		}
		requests.onCompleted();
		assertThat(replies.await()).hasSize(3)
			.allSatisfy((reply) -> assertThat(reply.getPayload()).isEqualTo(request.getPayload()));
	}

	@Test
	void statusOfTheServerArrives() {
		StatusRuntimeException ex = catchThrowableOfType(StatusRuntimeException.class,
				() -> EchoGrpc.newBlockingStub(this.conn)
					.unary(EchoRequest.newBuilder().setStatusCode(6).setStatusMessage("d\u00e9j\u00e0 vu").build()));
		assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
		assertThat(ex.getStatus().getDescription()).isEqualTo("d\u00e9j\u00e0 vu");
	}

	@Test
	void cancellationReachesTheServer() {
		CallRecorder call = new CallRecorder(this.conn,
				CallRecorder.BIDI.toBuilder().setFullMethodName(EchoGrpc.getBidiMethod().getFullMethodName()).build(),
				Scenario.WAIT)
			.start(new Metadata());
		call.send("");
		Scenario.soon().until(() -> this.server.requests() == 1);
		call.call().cancel("enough", null);
		Scenario.soon().until(() -> this.server.cancellations() == 1);
	}

	/** Collects replies. */
	private static final class Replies implements StreamObserver<EchoReply> {

		private final List<EchoReply> all = new ArrayList<>();

		private final CountDownLatch ended = new CountDownLatch(1);

		private Throwable failure;

		List<EchoReply> await() throws Exception {
			assertThat(this.ended.await(20, TimeUnit.SECONDS)).as("ended").isTrue();
			assertThat(this.failure).isNull();
			return this.all;
		}

		@Override
		public void onNext(EchoReply reply) {
			this.all.add(reply);
		}

		@Override
		public void onError(Throwable cause) {
			this.failure = cause;
			this.ended.countDown();
		}

		@Override
		public void onCompleted() {
			this.ended.countDown();
		}

	}

}
