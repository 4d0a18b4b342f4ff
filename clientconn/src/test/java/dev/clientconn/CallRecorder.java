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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call of text messages, and all that its listener was told, in order.
 */
final class CallRecorder extends ClientCall.Listener<String> {

	static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);

	static final MethodDescriptor<String, String> SERVER_STREAM = method("ServerStream", MethodType.SERVER_STREAMING);

	static final MethodDescriptor<String, String> BIDI = method("Bidi", MethodType.BIDI_STREAMING);

	private final ClientCall<String, String> call;

	private final List<String> events = new ArrayList<>();

	private final List<String> messages = new ArrayList<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	private Consumer<String> hook = (event) -> {
	};

	private @Nullable Metadata headers;

	private @Nullable Metadata trailers;

	private @Nullable Status status;

	CallRecorder(Channel channel, MethodDescriptor<String, String> method, CallOptions options) {
		this.call = channel.newCall(method, options);
	}

	/** Sends a whole unary call. */
	static CallRecorder unary(Channel channel, String message) {
		return unary(channel, message, CallOptions.DEFAULT);
	}

	/** Sends a whole unary call. */
	static CallRecorder unary(Channel channel, String message, CallOptions options) {
		CallRecorder recorder = new CallRecorder(channel, UNARY, options).start(new Metadata());
		recorder.call.request(2);
		return recorder.send(message).halfClose();
	}

	/** Opens a stream that asks for all its messages. */
	static CallRecorder bidi(Channel channel) {
		return bidi(channel, CallOptions.DEFAULT, Integer.MAX_VALUE);
	}

	/** Opens a stream that asks for some messages. */
	static CallRecorder bidi(Channel channel, CallOptions options, int requested) {
		CallRecorder recorder = new CallRecorder(channel, BIDI, options).start(new Metadata());
		recorder.call.request(requested);
		return recorder;
	}

	/** Runs something inside each callback, after it was written down. */
	CallRecorder hook(Consumer<String> hook) {
		this.hook = hook;
		return this;
	}

	CallRecorder start(Metadata toSend) {
		this.call.start(this, toSend);
		return this;
	}

	CallRecorder send(String message) {
		this.call.sendMessage(message);
		return this;
	}

	CallRecorder halfClose() {
		this.call.halfClose();
		return this;
	}

	ClientCall<String, String> call() {
		return this.call;
	}

	synchronized List<String> events() {
		return List.copyOf(this.events);
	}

	synchronized List<String> messages() {
		return List.copyOf(this.messages);
	}

	synchronized boolean isClosed() {
		return this.status != null;
	}

	/** Waits for the response headers. */
	Metadata awaitHeaders() {
		return Scenario.soon().until(this::headers, (got) -> got != null);
	}

	/** Waits until there are as many messages. */
	List<String> awaitMessages(int count) {
		return Scenario.soon().until(this::messages, (got) -> got.size() >= count);
	}

	/** Waits until a callback has been made. */
	void awaitEvent(String event) {
		Scenario.soon().until(() -> events().contains(event));
	}

	/** Waits for the end. */
	Status awaitStatus() {
		try {
			if (!this.closed.await(Scenario.SOON.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new AssertionError("the call has not ended; events: " + events());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		synchronized (this) {
			return this.status;
		}
	}

	/** Waits for the end, and returns the trailers. */
	Metadata awaitTrailers() {
		awaitStatus();
		synchronized (this) {
			return this.trailers;
		}
	}

	private synchronized @Nullable Metadata headers() {
		return this.headers;
	}

	@Override
	public void onReady() {
		record("ready");
	}

	@Override
	public void onHeaders(Metadata headers) {
		synchronized (this) {
			this.headers = headers;
		}
		record("headers");
	}

	@Override
	public void onMessage(String message) {
		synchronized (this) {
			this.messages.add(message);
		}
		record("message");
	}

	@Override
	public void onClose(Status status, Metadata trailers) {
		synchronized (this) {
			this.trailers = trailers;
			this.events.add("close");
			this.status = status;
		}
		this.closed.countDown();
		this.hook.accept("close");
	}

	private void record(String event) {
		synchronized (this) {
			this.events.add(event);
		}
		this.hook.accept(event);
	}

	private static MethodDescriptor<String, String> method(String name, MethodType type) {
		return MethodDescriptor.<String, String>newBuilder()
			.setType(type)
			.setFullMethodName("dev.clientconn.test.Script/" + name)
			.setRequestMarshaller(new Text())
			.setResponseMarshaller(new Text())
			.build();
	}

	/** Messages are ISO 8859-1: one octet per character. */
	static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.ISO_8859_1));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
