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

package dev.clientconn.testing;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The methods of {@code echo.proto}. Delays run on an event loop of the servers.
 */
final class EchoService extends EchoGrpc.EchoImplBase {

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger cancellations = new AtomicInteger();

	private final ConcurrentLinkedQueue<Metadata> headers = new ConcurrentLinkedQueue<>();

	private volatile String name = "";

	void name(String name) {
		this.name = name;
	}

	int requests() {
		return this.requests.get();
	}

	int cancellations() {
		return this.cancellations.get();
	}

	List<Metadata> headers() {
		return List.copyOf(this.headers);
	}

	ServerInterceptor recorder() {
		return new ServerInterceptor() {

			@Override
			public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata metadata,
					ServerCallHandler<Q, R> next) {
				EchoService.this.headers.add(metadata);
				return next.startCall(call, metadata);
			}

		};
	}

	@Override
	public void unary(EchoRequest request, StreamObserver<EchoReply> replies) {
		Replies to = begin(replies);
		to.later(request, () -> {
			if (request.getStatusCode() == 0) {
				to.observer.onNext(reply(request));
			}
			to.end(request);
		});
	}

	@Override
	public void serverStream(EchoRequest request, StreamObserver<EchoReply> replies) {
		Replies to = begin(replies);
		to.later(request, () -> {
			for (int i = 0; i < request.getCount(); i++) {
				to.observer.onNext(reply(request));
			}
			to.end(request);
		});
	}

	@Override
	public StreamObserver<EchoRequest> clientStream(StreamObserver<EchoReply> replies) {
		Replies to = begin(replies);
		return new Requests() {

			private EchoRequest last = EchoRequest.getDefaultInstance();

			private int count;

			@Override
			public void onNext(EchoRequest request) {
				this.last = request;
				this.count++;
			}

			@Override
			public void onCompleted() {
				to.later(this.last, () -> {
					if (this.last.getStatusCode() == 0) {
						to.observer.onNext(reply(this.last).toBuilder().setMessage("" + this.count).build());
					}
					to.end(this.last);
				});
			}

		};
	}

	@Override
	public StreamObserver<EchoRequest> bidi(StreamObserver<EchoReply> replies) {
		Replies to = begin(replies);
		return new Requests() {

			@Override
			public void onNext(EchoRequest request) {
				to.later(request, () -> {
					if (request.getStatusCode() == 0) {
						to.observer.onNext(reply(request));
					}
					else {
						to.end(request);
					}
				});
			}

			@Override
			public void onCompleted() {
				to.later(EchoRequest.getDefaultInstance(), () -> to.end(EchoRequest.getDefaultInstance()));
			}

		};
	}

	private Replies begin(StreamObserver<EchoReply> observer) {
		this.requests.incrementAndGet();
		ServerCallStreamObserver<EchoReply> cancellable = (ServerCallStreamObserver<EchoReply>) observer;
		cancellable.setOnCancelHandler(this.cancellations::incrementAndGet);
		return new Replies(cancellable);
	}

	private EchoReply reply(EchoRequest request) {
		return EchoReply.newBuilder()
			.setMessage(request.getMessage())
			.setServer(this.name)
			.setPayload(request.getPayload())
			.build();
	}

	/** The replies of one call, in the order of its requests, one at a time. */
	private static final class Replies {

		private final ServerCallStreamObserver<EchoReply> observer;

		private final ConcurrentLinkedQueue<Step> steps = new ConcurrentLinkedQueue<>();

		private final AtomicInteger waiting = new AtomicInteger();

		private boolean ended;

		Replies(ServerCallStreamObserver<EchoReply> observer) {
			this.observer = observer;
		}

		void later(EchoRequest request, Runnable action) {
			this.steps.add(new Step(request.getDelayMs(), action));
			if (this.waiting.getAndIncrement() == 0) {
				drain();
			}
		}

		private void drain() {
			do {
				Step step = this.steps.remove();
				if (step.delayMs > 0) {
					KillableServerChannels.LOOPS.schedule(() -> {
						run(step);
						if (this.waiting.decrementAndGet() > 0) {
							drain();
						}
					}, step.delayMs, TimeUnit.MILLISECONDS);
					return;
				}
				run(step);
			}
			while (this.waiting.decrementAndGet() > 0);
		}

		private void run(Step step) {
			if (!this.ended && !this.observer.isCancelled()) {
				step.action.run();
			}
		}

		void end(EchoRequest request) {
			this.ended = true;
			if (request.getStatusCode() == 0) {
				this.observer.onCompleted();
			}
			else {
				Status status = Status.fromCodeValue(request.getStatusCode());
				this.observer.onError(status.withDescription(request.getStatusMessage()).asRuntimeException());
			}
		}

	}

	/** An action and how long to wait before it. */
	private record Step(int delayMs, Runnable action) {
	}

	/** The requests of a call whose loss needs no more than the cancel handler. */
	private abstract static class Requests implements StreamObserver<EchoRequest> {

		@Override
		public void onError(Throwable cause) {
		}

	}

}
