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

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.clientconn.transport.ClientStream;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Decompressor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The response side of a call: takes events on the event loop, and delivers them to the
 * listener on the call's executor, in order, one task for all that one socket read
 * brought. At most one thread delivers at a time; {@link #wip} decides which.
 *
 * @param <RespT> the response type
 */
final class Inbound<RespT> extends InboundDemand implements Runnable, MessageDeframer.Sink {

	private static final Logger logger = LoggerFactory.getLogger(Inbound.class);

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<Inbound> WIP = AtomicIntegerFieldUpdater.newUpdater(Inbound.class,
			"wip");

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<Inbound> HELD = AtomicIntegerFieldUpdater.newUpdater(Inbound.class,
			"held");

	// set at the start of the call, never change

	private final ClientConnCall<?, RespT> call;

	private final ClientCall.Listener<RespT> listener;

	private final @Nullable CallTracers tracers;

	// only on the event loop

	private @Nullable MessageDeframer deframer;

	private int responses;

	private boolean undeliveredEvents;

	// written on the event loop, read by the delivering thread

	private volatile @Nullable Metadata headers;

	private volatile @Nullable Decompressor decompressor;

	private volatile boolean ready;

	private volatile @Nullable Close close;

	// shared counters

	/** Requests to deliver that have not been served; from 0 to 1 starts a task. */
	private volatile int wip;

	/** Credit for pieces of messages, held back while whole messages wait. */
	private volatile int held;

	// only in the delivering thread

	private boolean headersDelivered;

	private boolean closed;

	private @Nullable Status failure;

	Inbound(ClientConnCall<?, RespT> call, ClientCall.Listener<RespT> listener, @Nullable CallTracers tracers) {
		this.call = call;
		this.listener = listener;
		this.tracers = tracers;
	}

	void request(int count) {
		if (demand(count) && isWaiting()) {
			schedule();
		}
	}

	/** The stream is, or has become, ready to send. */
	void ready() {
		this.ready = true;
		schedule();
	}

	/** Response headers have arrived; the event loop. */
	void headers(Metadata metadata, @Nullable Decompressor decompressor) {
		this.decompressor = decompressor;
		this.headers = metadata;
		this.undeliveredEvents = true;
	}

	/** Response bytes have arrived; the event loop. */
	void data(ByteBuf data) {
		if (this.deframer == null) {
			this.deframer = new MessageDeframer(this.call.maxInboundMessageBytes(), this);
		}
		this.deframer.deframe(data);
	}

	/** What has arrived so far, for messages; any thread, which may see it late. */
	String received() {
		if (this.headers == null) {
			return "and nothing came back";
		}
		return "and brought the response headers and " + this.responses
				+ ((this.responses == 1) ? " message" : " messages");
	}

	/** All of one socket read has arrived; the event loop. */
	void readComplete() {
		push();
		if (this.undeliveredEvents || (isWaiting() && isDemanded())) {
			this.undeliveredEvents = false;
			schedule();
		}
	}

	/**
	 * The stream has ended; the event loop.
	 * @return the status, or INTERNAL if the response is not complete
	 */
	Status streamEnded(Status status) {
		this.undeliveredEvents = false;
		push();
		boolean partial = false;
		if (this.deframer != null) {
			partial = this.deframer.isPartial();
			this.deframer.close();
		}
		if (!status.isOk()) {
			return status;
		}
		if (partial) {
			return Status.INTERNAL.withDescription("the response ended inside a message");
		}
		if (this.call.method().getType().serverSendsOneMessage() && this.responses != 1) {
			return Status.INTERNAL
				.withDescription("a unary response had " + this.responses + " messages with status OK");
		}
		return status;
	}

	/**
	 * Ends the call towards the application, after what it has asked for.
	 * @param discard whether messages that wait are dropped
	 */
	void close(Status status, Metadata trailers, boolean discard) {
		this.close = new Close(status, trailers, discard);
		schedule();
	}

	@Override
	public void message(InboundMessage message) {
		this.responses++;
		if (this.responses > 1 && this.call.method().getType().serverSendsOneMessage()) {
			message.close();
			failed(Status.INTERNAL.withDescription("the server sent more than one message for a unary response"));
			return;
		}
		if (this.tracers != null) {
			this.tracers.messageReceived(message.wireBytes(), message.isCompressed());
		}
		collect(message);
	}

	@Override
	public void partial(int bytes) {
		if (this.held == 0 && !isWaitingOrCollected()) {
			credit(bytes);
			return;
		}
		HELD.addAndGet(this, bytes);
		if (!isWaitingOrCollected()) {
			releaseHeld();
		}
	}

	@Override
	public void failed(Status status) {
		this.call.cancel(status);
	}

	@Override
	public void run() {
		Context before = this.call.context().attach();
		try {
			drain();
		}
		finally {
			this.call.context().detach(before);
		}
	}

	private void schedule() {
		if (WIP.getAndIncrement(this) == 0) {
			ClientStream stream = this.call.stream();
			Executor executor = this.call.executor();
			try {
				if (stream != null && this.call.isPool(executor) && stream.eventLoop().inEventLoop()) {
					CallbackRelay.of(stream.eventLoop(), executor).add(this);
				}
				else {
					executor.execute(this);
				}
			}
			catch (RejectedExecutionException ex) {
				// Better on this thread than a call that never ends. That the pool of
				// a ClientConn that has ended is gone is nothing to tell.
				if (!this.call.isConnEnded()) {
					logger.warn("{} - the call's executor rejected its events", this.call, ex);
				}
				run();
			}
		}
	}

	private void drain() {
		int served = this.wip;
		do {
			beginDelivery();
			deliver();
			endDelivery();
			served = WIP.addAndGet(this, -served);
		}
		while (served != 0);
	}

	private void deliver() {
		if (this.closed) {
			return;
		}
		// Read first: all that was pushed before it was set is visible then.
		Close end = this.close;
		if (end == null || !end.discard) {
			deliverReady(end);
			deliverHeaders();
			deliverMessages();
		}
		if (end != null && (end.discard || this.failure != null || !hasNext())) {
			deliverClose(end);
		}
	}

	private void deliverReady(@Nullable Close end) {
		if (this.ready && end == null) {
			this.ready = false;
			if (this.failure == null) {
				try {
					this.listener.onReady();
				}
				catch (Throwable ex) {
					listenerFailed("onReady", ex);
				}
			}
		}
	}

	private void deliverHeaders() {
		Metadata arrived = this.headers;
		if (arrived != null && !this.headersDelivered && this.failure == null) {
			this.headersDelivered = true;
			try {
				this.listener.onHeaders(arrived);
			}
			catch (Throwable ex) {
				listenerFailed("onHeaders", ex);
			}
		}
	}

	private void deliverMessages() {
		do {
			deliverDemanded();
		}
		while (settle() && hasNext());
	}

	private void deliverDemanded() {
		int used = 0;
		int count = 0;
		while (this.failure == null) {
			InboundMessage message = next();
			if (message == null) {
				break;
			}
			used += message.owedBytes();
			count++;
			deliver(message);
		}
		if (count > 0) {
			done(count);
			credit(used);
			if (this.held > 0 && !isWaiting()) {
				releaseHeld();
			}
		}
	}

	private void deliver(InboundMessage message) {
		try (message) {
			RespT response = parse(message);
			if (response != null) {
				this.listener.onMessage(response);
			}
		}
		catch (Throwable ex) {
			listenerFailed("onMessage", ex);
		}
	}

	/** Returns the message, or {@code null} after it has failed the call. */
	private @Nullable RespT parse(InboundMessage message) {
		try {
			return message.parse(this.call.method(), this.decompressor, this.call.maxInboundMessageBytes(),
					this.tracers);
		}
		catch (Throwable ex) {
			Status status = Status.fromThrowable(ex);
			fail((status.getCode() != Status.Code.UNKNOWN) ? status
					: Status.INTERNAL.withCause(ex).withDescription("failed to read a response message: " + ex));
			return null;
		}
	}

	private void deliverClose(Close end) {
		this.closed = true;
		for (InboundMessage message = poll(); message != null; message = poll()) {
			message.close();
		}
		Status status = (this.failure != null) ? this.failure : end.status;
		try {
			this.listener.onClose(status, end.trailers);
		}
		catch (Throwable ex) {
			logger.warn("{} - the listener failed in onClose", this.call, ex);
		}
	}

	private void listenerFailed(String callback, Throwable ex) {
		fail(Status.CANCELLED.withCause(ex).withDescription("the call's listener failed in " + callback + ": " + ex));
	}

	private void fail(Status status) {
		this.failure = status;
		this.call.cancel(status);
	}

	private void releaseHeld() {
		int bytes = HELD.getAndSet(this, 0);
		if (bytes > 0) {
			credit(bytes);
		}
	}

	private void credit(int bytes) {
		ClientStream stream = this.call.stream();
		if (stream != null) {
			stream.consumed(bytes);
		}
	}

	/**
	 * How the call ended.
	 */
	private record Close(Status status, Metadata trailers, boolean discard) {
	}

}
