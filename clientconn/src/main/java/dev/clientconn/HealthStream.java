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

import java.io.IOException;
import java.util.Objects;

import dev.clientconn.HealthProtocol.Serving;
import dev.clientconn.transport.ClientStream;
import dev.clientconn.transport.ClientTransport;
import dev.clientconn.transport.MessageFormat;
import dev.clientconn.transport.Processing;
import dev.clientconn.transport.StreamHead;
import dev.clientconn.transport.StreamListener;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One stream of {@code grpc.health.v1.Health/Watch}. It is no call: nobody counts or
 * traces it, and it carries no credentials. Opened and cancelled in the serial context;
 * hears of its events on the event loop, and tells of them in the serial context.
 */
final class HealthStream implements StreamListener, MessageDeframer.Sink {

	/** An answer has two bytes. */
	private static final int MAX_BYTES = 64 * 1024;

	private final SerialExecutor serial;

	private final Compression compression;

	private final Listener listener;

	/** Set before the first event that needs it. */
	private @Nullable ClientStream stream;

	// only on the event loop

	private final MessageDeframer deframer = new MessageDeframer(MAX_BYTES, this);

	private @Nullable Decompressor decompressor;

	HealthStream(SerialExecutor serial, Compression compression, Listener listener) {
		this.serial = serial;
		this.compression = compression;
		this.listener = listener;
	}

	void open(ClientTransport transport, String service, Metadata headers) {
		ClientStream opened = transport.newStream(new StreamHead(HealthProtocol.WATCH, null, null, MessageFormat.PLAIN,
				headers, StreamHead.DEFAULT_ON_READY_THRESHOLD, false), this);
		this.stream = opened;
		opened.write(MessageFramer.frame(HealthProtocol.WATCH.streamRequest(service), null, Integer.MAX_VALUE));
		opened.halfClose();
		opened.flush();
	}

	void cancel(Status reason) {
		Objects.requireNonNull(this.stream, "stream").cancel(reason);
	}

	@Override
	public void onReady() {
	}

	@Override
	public void onHeaders(Metadata headers) {
		try {
			this.decompressor = this.compression.decompressor(headers);
		}
		catch (StatusException ex) {
			cancel(ex.getStatus());
		}
	}

	@Override
	public void onData(ByteBuf data) {
		int bytes = data.readableBytes();
		this.deframer.deframe(data);
		Objects.requireNonNull(this.stream, "stream").consumed(bytes);
	}

	@Override
	public void message(InboundMessage message) {
		try {
			Serving answer = message.parse(HealthProtocol.WATCH, this.decompressor, MAX_BYTES, null);
			this.serial.execute(() -> this.listener.answered(this, answer));
		}
		catch (StatusRuntimeException ex) {
			cancel(ex.getStatus());
		}
		catch (IOException | RuntimeException ex) {
			cancel(Status.INTERNAL.withDescription("the answer cannot be read: " + ex).withCause(ex));
		}
		finally {
			message.close();
		}
	}

	@Override
	public void partial(int bytes) {
	}

	@Override
	public void failed(Status status) {
		cancel(status);
	}

	@Override
	public void onReadComplete() {
	}

	@Override
	public void onClosed(Status status, Processing processing, Metadata trailers) {
		this.deframer.close();
		this.serial.execute(() -> this.listener.ended(this, status));
	}

	/**
	 * Hears of a stream, in the serial context.
	 */
	interface Listener {

		void answered(HealthStream stream, Serving answer);

		void ended(HealthStream stream, Status status);

	}

}
