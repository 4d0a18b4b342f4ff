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

package dev.clientconn.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;

import dev.clientconn.naming.Address;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A transport factory on shared event loops, and the small things that tests of it need.
 */
final class Rig implements AutoCloseable {

	static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
		@Override
		public InputStream stream(byte[] value) {
			return new ByteArrayInputStream(value);
		}

		@Override
		public byte[] parse(InputStream stream) {
			try {
				return stream.readAllBytes();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	};

	static final MethodDescriptor<byte[], byte[]> ECHO = method("echo", MethodDescriptor.MethodType.UNARY);

	static final MethodDescriptor<byte[], byte[]> BIDI = method("bidi", MethodDescriptor.MethodType.BIDI_STREAMING);

	static final TransportOptions.Limits LIMITS = new TransportOptions.Limits(
			TransportOptions.Limits.DEFAULT_MAX_INBOUND_METADATA_SIZE, 0,
			TransportOptions.Limits.DEFAULT_MAX_STREAM_ID);

	static final Duration TIMEOUT = Duration.ofSeconds(10);

	final EventLoops eventLoops = EventLoops.shared();

	/** Where connections live; may have another source of time. */
	EventLoops loops = this.eventLoops;

	final RecordingTransport events = new RecordingTransport();

	TransportCredentials credentials = TransportCredentials.insecure();

	String authority = "localhost";

	Dialer dialer = Dialer.tcp();

	TransportOptions.Limits limits = LIMITS;

	@Nullable KeepaliveParams keepalive;

	Duration timeout = Duration.ofSeconds(10);

	@Nullable ClientTransport transport;

	ClientTransport connect(String address) {
		ClientTransport made = TransportFactory.http2(options())
			.connect(Address.of(address), this.timeout, this.events);
		this.transport = made;
		return made;
	}

	TransportOptions options() {
		return new TransportOptions("test", this.authority, "test/1", "gzip", this.credentials, this.dialer, this.loops,
				this.limits, this.keepalive);
	}

	ClientTransport ready(int port) {
		ClientTransport made = connect("127.0.0.1:" + port);
		this.events.awaitReady();
		return made;
	}

	RecordingStream unary(ClientTransport on, MethodDescriptor<?, ?> method, byte[] message) {
		RecordingStream listener = new RecordingStream();
		ClientStream stream = on.newStream(head(method), listener);
		listener.autoConsume = stream;
		stream.write(frame(message));
		stream.halfClose();
		stream.flush();
		return listener;
	}

	static StreamHead head(MethodDescriptor<?, ?> method) {
		return head(method, new Metadata(), null);
	}

	static StreamHead head(MethodDescriptor<?, ?> method, Metadata metadata, @Nullable Deadline deadline) {
		return new StreamHead(method, null, deadline, MessageFormat.PLAIN, metadata,
				StreamHead.DEFAULT_ON_READY_THRESHOLD, false);
	}

	static byte[] frame(byte[] message) {
		return ByteBuffer.allocate(5 + message.length).put((byte) 0).putInt(message.length).put(message).array();
	}

	static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
		return MethodDescriptor.newBuilder(BYTES, BYTES)
			.setType(type)
			.setFullMethodName(MethodDescriptor.generateFullMethodName("test.Bytes", name))
			.build();
	}

	@Override
	public void close() {
		ClientTransport made = this.transport;
		if (made != null) {
			made.close(io.grpc.Status.CANCELLED.withDescription("end of test"));
			this.events.awaitClosed();
		}
		this.eventLoops.close();
	}

}
