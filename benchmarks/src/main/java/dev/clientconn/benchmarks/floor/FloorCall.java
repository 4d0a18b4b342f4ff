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

package dev.clientconn.benchmarks.floor;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;

/**
 * A call of a {@link FloorChannel}: marshals, sends, cuts messages, calls back; nothing
 * else. Deadlines, metadata, {@code request(n)} and cancellation are not there.
 * <p>
 * Callbacks run on the event loop, or, for a blocking stub, all at once on the executor
 * that it names.
 */
final class FloorCall<Q, R> extends ClientCall<Q, R> implements Runnable {

	private static final int PREFIX = 5;

	final MethodDescriptor<Q, R> method;

	private final Wire wire;

	private final Executor executor;

	private Listener<R> listener;

	private byte[] request;

	/** The stream's number; 0 before it is open. Only on the event loop. */
	int stream;

	/** Bytes received that the peer has no credit for yet. Only on the event loop. */
	int owed;

	/** The start of a message whose end has not come. Only on the event loop. */
	private ByteBuf partial;

	private R reply;

	private Status status;

	FloorCall(MethodDescriptor<Q, R> method, CallOptions options, Wire wire) {
		if (options.getDeadline() != null) {
			throw new UnsupportedOperationException("A floor has no deadlines");
		}
		this.method = method;
		this.wire = wire;
		this.executor = options.getExecutor();
	}

	@Override
	public void start(Listener<R> listener, Metadata headers) {
		if (!headers.keys().isEmpty()) {
			throw new UnsupportedOperationException("A floor sends no metadata");
		}
		this.listener = listener;
	}

	@Override
	public void request(int messages) {
		// All messages are wanted.
	}

	@Override
	public void cancel(String message, Throwable cause) {
		// The workloads end their calls.
	}

	@Override
	public void sendMessage(Q message) {
		byte[] framed = framed(message);
		if (this.method.getType().clientSendsOneMessage()) {
			this.request = framed;
		}
		else {
			this.wire.execute(() -> this.wire.send(this, framed, false));
		}
	}

	@Override
	public void halfClose() {
		byte[] last = (this.request != null) ? this.request : new byte[0];
		this.wire.execute(() -> this.wire.send(this, last, true));
	}

	private byte[] framed(Q message) {
		try (InputStream in = this.method.streamRequest(message)) {
			int length = in.available();
			byte[] framed = new byte[PREFIX + length];
			framed[1] = (byte) (length >>> 24);
			framed[2] = (byte) (length >>> 16);
			framed[3] = (byte) (length >>> 8);
			framed[4] = (byte) length;
			if (in.readNBytes(framed, PREFIX, length) != length) {
				throw new IOException("the message ended early");
			}
			return framed;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Takes the content of a DATA frame; does not release it. */
	void received(ByteBuf data) {
		ByteBuf bytes = data;
		if (this.partial != null) {
			this.partial.writeBytes(data);
			bytes = this.partial;
		}
		while (bytes.readableBytes() >= PREFIX) {
			int length = bytes.getInt(bytes.readerIndex() + 1);
			if (bytes.readableBytes() < PREFIX + length) {
				break;
			}
			bytes.skipBytes(PREFIX);
			message(bytes, length);
		}
		if (this.partial == null && bytes.isReadable()) {
			this.partial = bytes.alloc().buffer(2 * bytes.readableBytes()).writeBytes(bytes);
		}
		else if (this.partial != null) {
			this.partial.discardReadBytes();
		}
	}

	private void message(ByteBuf bytes, int length) {
		R message = this.method.parseResponse(new MessageStream(bytes, length));
		if (this.executor == null) {
			this.listener.onMessage(message);
		}
		else {
			this.reply = message;
		}
	}

	void ended(Status status) {
		if (this.partial != null) {
			this.partial.release();
			this.partial = null;
		}
		this.status = status;
		if (this.executor == null) {
			run();
		}
		else {
			this.executor.execute(this);
		}
	}

	/** Delivers what has not been. */
	@Override
	public void run() {
		if (this.reply != null) {
			this.listener.onMessage(this.reply);
		}
		this.listener.onClose(this.status, new Metadata());
	}

	/** Tells protobuf's marshaller that {@code available()} is all there is. */
	private static final class MessageStream extends ByteBufInputStream implements KnownLength {

		private MessageStream(ByteBuf bytes, int length) {
			super(bytes, length);
		}

	}

}
