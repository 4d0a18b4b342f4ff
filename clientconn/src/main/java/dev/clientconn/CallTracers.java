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
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a call's events to its {@link CallStats}, and to the {@link ClientStreamTracer}s
 * of its options as grpc-java does. The caller sends while an event loop receives or
 * starts another attempt, so events for stream tracers go through a queue of their own,
 * which whoever adds to it drains: in order, one at a time, and with no lock held. Calls
 * that nobody follows have no such object.
 */
final class CallTracers {

	private static final Logger logger = LoggerFactory.getLogger(CallTracers.class);

	private static final ClientStreamTracer[] NONE = new ClientStreamTracer[0];

	private final CallOptions options;

	private final @Nullable CallStats stats;

	/** {@code null} where the call stands alone. */
	private final @Nullable RetriableAttempt<?, ?> attempt;

	/** Absent without stream tracers. */
	private final @Nullable SerialExecutor events;

	// only in events

	/** Those of the running attempt, or of the last. */
	private ClientStreamTracer[] tracers = NONE;

	/**
	 * What was sent before the response: told again to the tracers of a later attempt.
	 */
	private final List<Sent> sent;

	private boolean started;

	private boolean committed;

	private int sentMessages;

	private int receivedMessages;

	private CallTracers(CallOptions options, @Nullable CallStats stats, @Nullable RetriableAttempt<?, ?> attempt) {
		this.options = options;
		this.stats = stats;
		this.attempt = attempt;
		boolean traced = !options.getStreamTracerFactories().isEmpty();
		this.events = traced ? new SerialExecutor(Runnable::run) : null;
		this.sent = traced ? new ArrayList<>(1) : List.of();
	}

	/**
	 * Returns what tells of a call.
	 * @param stats {@code null} if no handler follows it
	 * @param attempt what it is of a {@link RetriableCall}, {@code null} if it stands
	 * alone
	 * @return {@code null} if nobody follows it
	 */
	static @Nullable CallTracers of(CallOptions options, @Nullable CallStats stats,
			@Nullable RetriableAttempt<?, ?> attempt) {
		if (stats == null && options.getStreamTracerFactories().isEmpty()) {
			return null;
		}
		return new CallTracers(options, stats, attempt);
	}

	/**
	 * An attempt has an address, and no stream yet. Makes its tracers at once, as they
	 * may still add headers.
	 */
	void attemptCreated(Address address, Metadata headers, int previousAttempts) {
		if (this.stats != null) {
			this.stats.attemptStarted(address, previousAttempts);
		}
		makeTracers(headers, previousAttempts);
	}

	/** The call has waited, and does not any more. */
	void delayed(Waits waits) {
		if (this.stats != null) {
			this.stats.delayed(waits);
		}
	}

	void attemptStarted(Attributes attributes, Metadata headers) {
		if (this.events != null) {
			this.events.execute(() -> {
				tell((tracer) -> {
					tracer.streamCreated(attributes, headers);
					tracer.outboundHeaders();
				});
				this.started = true;
				this.sentMessages = 0;
				this.sent.forEach(this::tellSent);
			});
		}
	}

	void messageSent(int wireBytes, int plainBytes) {
		if (this.stats != null) {
			this.stats.messageSent(wireBytes);
		}
		if (this.events != null) {
			this.events.execute(() -> {
				Sent message = new Sent(wireBytes, plainBytes);
				if (!this.committed) {
					this.sent.add(message);
				}
				if (this.started) {
					tellSent(message);
				}
			});
		}
	}

	/** The response has begun: the call is committed, there will be no later attempt. */
	void headersReceived(Metadata headers) {
		if (this.stats != null) {
			this.stats.headersReceived();
		}
		if (this.events != null) {
			this.events.execute(() -> {
				this.committed = true;
				this.sent.clear();
				// It calls the older method without arguments itself.
				tell((tracer) -> tracer.inboundHeaders(headers));
			});
		}
	}

	/**
	 * A response message has arrived.
	 * @param wireBytes its size on the wire, with its prefix
	 * @param compressed whether its own size is not known yet
	 */
	void messageReceived(int wireBytes, boolean compressed) {
		if (this.stats != null) {
			this.stats.messageReceived(wireBytes);
		}
		if (this.events != null) {
			this.events.execute(() -> {
				int sequence = this.receivedMessages++;
				long plainBytes = compressed ? -1 : wireBytes - MessageFramer.PREFIX_BYTES;
				tell((tracer) -> {
					tracer.inboundMessage(sequence);
					tracer.inboundWireSize(wireBytes);
					tracer.inboundMessageRead(sequence, wireBytes, plainBytes);
				});
			});
		}
	}

	/** A response message has been read, perhaps after the end of its stream. */
	void messageRead(long plainBytes) {
		if (this.events != null) {
			this.events.execute(() -> tell((tracer) -> tracer.inboundUncompressedSize(plainBytes)));
		}
	}

	void trailersReceived(Metadata trailers) {
		if (this.events != null) {
			this.events.execute(() -> tell((tracer) -> tracer.inboundTrailers(trailers)));
		}
	}

	void attemptEnded(Status status) {
		if (this.stats != null) {
			this.stats.attemptEnded(status);
		}
		endTracers(status);
	}

	/**
	 * The call ends without an attempt: as with grpc-java there is still a tracer to
	 * tell.
	 */
	void neverAttempted(Metadata headers, Status status, @Nullable Waits waited) {
		if (waited != null) {
			delayed(waited);
		}
		makeTracers(headers, 0);
		endTracers(status);
	}

	void callEnded(Status status) {
		if (this.stats != null) {
			this.stats.callEnded(status);
		}
	}

	private void makeTracers(Metadata headers, int previousAttempts) {
		if (this.events == null) {
			return;
		}
		List<ClientStreamTracer.Factory> factories = this.options.getStreamTracerFactories();
		ClientStreamTracer.StreamInfo info = ClientStreamTracer.StreamInfo.newBuilder()
			.setCallOptions(this.options)
			.setPreviousAttempts((this.attempt != null) ? this.attempt.number() : 0)
			.setIsTransparentRetry(previousAttempts > 0)
			.setIsHedging(this.attempt != null && this.attempt.isHedge())
			.build();
		ClientStreamTracer[] made = new ClientStreamTracer[factories.size()];
		for (int i = 0; i < made.length; i++) {
			made[i] = factories.get(i).newClientStreamTracer(info, headers);
		}
		this.events.execute(() -> this.tracers = made);
	}

	private void endTracers(Status status) {
		if (this.events != null) {
			this.events.execute(() -> {
				tell((tracer) -> tracer.streamClosed(status));
				this.started = false;
			});
		}
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

	/**
	 * A request message in bytes.
	 */
	private record Sent(int wireBytes, int plainBytes) {
	}

}
