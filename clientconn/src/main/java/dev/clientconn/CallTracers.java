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
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.RpcStats;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a call's events to the {@link ClientStreamTracer}s of its options, as grpc-java
 * does, and to the {@link RpcStats} of the ClientConn. The caller sends while an event
 * loop receives or starts another attempt, so events go through a queue of their own,
 * which whoever adds to it drains: in order, one at a time, and with no lock held. Calls
 * without tracers have no such object.
 */
final class CallTracers {

	private static final Logger logger = LoggerFactory.getLogger(CallTracers.class);

	private final CallOptions options;

	private final @Nullable RpcStats stats;

	private final long startNanos;

	private final SerialExecutor events = new SerialExecutor(Runnable::run);

	// only in events

	/** Those of the running attempt, or of the last. */
	private ClientStreamTracer[] tracers = new ClientStreamTracer[0];

	/**
	 * What was sent before the response: told again to the tracers of a later attempt.
	 */
	private final List<Sent> sent = new ArrayList<>(1);

	private boolean started;

	private boolean committed;

	private int sentMessages;

	private int receivedMessages;

	private CallTracers(CallOptions options, @Nullable RpcStats stats, long startNanos) {
		this.options = options;
		this.stats = stats;
		this.startNanos = startNanos;
	}

	static @Nullable CallTracers of(CallOptions options, @Nullable RpcStats stats, long nowNanos) {
		boolean wanted = stats != null || !options.getStreamTracerFactories().isEmpty();
		return wanted ? new CallTracers(options, stats, nowNanos) : null;
	}

	/** Makes the tracers of an attempt at once, as they may still add headers. */
	void attemptCreated(Metadata headers, int previousAttempts) {
		List<ClientStreamTracer.Factory> factories = this.options.getStreamTracerFactories();
		ClientStreamTracer.StreamInfo info = ClientStreamTracer.StreamInfo.newBuilder()
			.setCallOptions(this.options)
			.setPreviousAttempts(0)
			.setIsTransparentRetry(previousAttempts > 0)
			.build();
		ClientStreamTracer[] made = new ClientStreamTracer[factories.size()];
		for (int i = 0; i < made.length; i++) {
			made[i] = factories.get(i).newClientStreamTracer(info, headers);
		}
		this.events.execute(() -> this.tracers = made);
	}

	void attemptStarted(Address address, Attributes attributes, Metadata headers) {
		this.events.execute(() -> {
			tell((tracer) -> {
				tracer.streamCreated(attributes, headers);
				tracer.outboundHeaders();
			});
			this.started = true;
			this.sentMessages = 0;
			this.sent.forEach(this::tellSent);
			tellStats((stats) -> stats.attemptStarted(address));
		});
	}

	void messageSent(int wireBytes, int plainBytes) {
		this.events.execute(() -> {
			Sent message = new Sent(wireBytes, plainBytes);
			if (!this.committed) {
				this.sent.add(message);
			}
			if (this.started) {
				tellSent(message);
			}
			tellStats((stats) -> stats.messageSent(wireBytes));
		});
	}

	/** The response has begun: the call is committed, there will be no later attempt. */
	void headersReceived(Metadata headers) {
		this.events.execute(() -> {
			this.committed = true;
			this.sent.clear();
			// It calls the older method without arguments itself.
			tell((tracer) -> tracer.inboundHeaders(headers));
			tellStats(RpcStats::headersReceived);
		});
	}

	/**
	 * A response message has arrived.
	 * @param wireBytes its size on the wire, with its prefix
	 * @param compressed whether its own size is not known yet
	 */
	void messageReceived(int wireBytes, boolean compressed) {
		this.events.execute(() -> {
			int sequence = this.receivedMessages++;
			long plainBytes = compressed ? -1 : wireBytes - MessageFramer.PREFIX_BYTES;
			tell((tracer) -> {
				tracer.inboundMessage(sequence);
				tracer.inboundWireSize(wireBytes);
				tracer.inboundMessageRead(sequence, wireBytes, plainBytes);
			});
			tellStats((stats) -> stats.messageReceived(wireBytes));
		});
	}

	/** A response message has been read, perhaps after the end of its stream. */
	void messageRead(long plainBytes) {
		this.events.execute(() -> tell((tracer) -> tracer.inboundUncompressedSize(plainBytes)));
	}

	void trailersReceived(Metadata trailers) {
		this.events.execute(() -> tell((tracer) -> tracer.inboundTrailers(trailers)));
	}

	void attemptEnded(Status status) {
		this.events.execute(() -> {
			tell((tracer) -> tracer.streamClosed(status));
			this.started = false;
		});
	}

	void callEnded(Status status, long nowNanos) {
		this.events.execute(() -> tellStats((stats) -> stats.ended(status, nowNanos - this.startNanos)));
	}

	private void tellSent(Sent message) {
		int sequence = this.sentMessages++;
		tell((tracer) -> {
			tracer.outboundMessage(sequence);
			tracer.outboundMessageSent(sequence, message.wireBytes, message.plainBytes);
			tracer.outboundWireSize(message.wireBytes);
			tracer.outboundUncompressedSize(message.plainBytes);
		});
	}

	/** What a tracer throws must not keep the call from ending. */
	private void tell(Consumer<ClientStreamTracer> event) {
		for (ClientStreamTracer tracer : this.tracers) {
			try {
				event.accept(tracer);
			}
			catch (Throwable ex) {
				logger.warn("a ClientStreamTracer failed: {}", tracer, ex);
			}
		}
	}

	private void tellStats(Consumer<RpcStats> event) {
		if (this.stats != null) {
			event.accept(this.stats);
		}
	}

	/**
	 * A request message in bytes.
	 */
	private record Sent(int wireBytes, int plainBytes) {
	}

}
