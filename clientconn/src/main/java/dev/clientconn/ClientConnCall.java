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

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.transport.ClientStream;
import dev.clientconn.transport.ClientTransport;
import dev.clientconn.transport.MessageFormat;
import dev.clientconn.transport.Processing;
import dev.clientconn.transport.StreamHead;
import dev.clientconn.transport.StreamListener;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One call, which ends exactly once. The request side is in {@link Outbound}, the
 * response side in {@link Inbound}, and where it goes in {@link CallAttempts}.
 *
 * @param <ReqT> the request type
 * @param <RespT> the response type
 */
final class ClientConnCall<ReqT, RespT> extends EngineCall<ReqT, RespT> implements StreamListener {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<ClientConnCall> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(ClientConnCall.class, "ended");

	// set at creation, never change

	private final Outbound outbound;

	private final CallAttempts attempts;

	/** What this call is of a {@link RetriableCall}; {@code null} if it stands alone. */
	private final @Nullable RetriableAttempt<ReqT, RespT> attempt;

	// set before start, if at all

	/** Shared with the other attempts of a call; {@code null} where there are none. */
	private @Nullable UsedAddresses used;

	private boolean onlyElsewhere;

	// set by start, before any attempt

	private @Nullable Inbound<RespT> inbound;

	private @Nullable CallTracers tracers;

	/** 0 until the call has ended; the winner tells the listener. */
	private volatile int ended;

	ClientConnCall(CallEnv env, MethodDescriptor<ReqT, RespT> method, CallOptions callOptions, MethodConfig config) {
		this(env, method, callOptions, config, null);
	}

	/**
	 * Makes a call.
	 * @param config what the service config in force says of the method
	 * @param attempt what it is of a {@link RetriableCall}; then {@link #prepare} follows
	 */
	ClientConnCall(CallEnv env, MethodDescriptor<ReqT, RespT> method, CallOptions callOptions, MethodConfig config,
			@Nullable RetriableAttempt<ReqT, RespT> attempt) {
		super(env, method, callOptions, config, (attempt != null) ? attempt.context() : Context.current());
		this.attempt = attempt;
		this.outbound = new Outbound(method.getType().clientSendsOneMessage(), env.core.pending);
		this.attempts = new CallAttempts(env, this);
	}

	@Override
	boolean isStarted() {
		return this.inbound != null;
	}

	@Override
	void listen(Listener<RespT> listener) {
		this.tracers = CallTracers.of(this.callOptions,
				CallStats.of(this.env.stats.rpcStarted(this.env.identity.target(), this.method), this.env.scheduler(),
						this.startNanos, null),
				null);
		this.inbound = new Inbound<>(this, listener, this.tracers);
	}

	@Override
	void begin() {
		this.attempts.next();
	}

	/**
	 * Takes over what has been decided for all attempts of a call; before another thread
	 * knows of this one.
	 * @param headers its own copy
	 */
	void prepare(RetriableCall<ReqT, RespT> call, Metadata headers) {
		RetriableAttempt<ReqT, RespT> of = Objects.requireNonNull(this.attempt);
		this.startNanos = this.env.scheduler().nanoTime();
		this.headers = headers;
		this.deadline = call.deadline();
		this.compressor = call.compressor();
		this.tracers = CallTracers.of(this.callOptions,
				CallStats.of(call.stats(), this.env.scheduler(), this.startNanos, of), of);
		this.inbound = new Inbound<>(this, of, this.tracers);
	}

	@Override
	boolean countsPlainBytes() {
		return this.tracers != null;
	}

	@Override
	void send(byte[] frame, int plainBytes) {
		if (this.tracers != null) {
			this.tracers.messageSent(frame.length, plainBytes);
		}
		long kept = this.outbound.message(frame);
		if (kept > 0 && kept > this.env.options.queueLimits.maxBytes()) {
			this.env.core.pending.rejected();
			cancel(Diagnosis.queueFull(this.env));
		}
	}

	@Override
	public void request(int count) {
		if (count < 0) {
			throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
		}
		started().request(count);
	}

	@Override
	public void halfClose() {
		requireStarted("halfClose");
		this.outbound.halfClose();
	}

	@Override
	public boolean isReady() {
		ClientStream stream = this.outbound.stream();
		// A single request message is always taken: its headers wait for it.
		return this.ended == 0 && stream != null && (this.method.getType().clientSendsOneMessage() || stream.isReady());
	}

	@Override
	public Attributes getAttributes() {
		ClientStream stream = this.outbound.stream();
		return (stream != null) ? stream.attributes() : Attributes.EMPTY;
	}

	@Override
	public Set<Address> avoid() {
		return (this.used != null) ? this.used.all() : Set.of();
	}

	/**
	 * Makes this one of several attempts; before start.
	 * @param used where the others went
	 * @param onlyElsewhere whether to end with {@link Reasons#NO_OTHER_ADDRESS} where
	 * this one would have to wait, or to go to one of them
	 */
	void goElsewhere(UsedAddresses used, boolean onlyElsewhere) {
		this.used = used;
		this.onlyElsewhere = onlyElsewhere;
	}

	boolean goesOnlyElsewhere() {
		return this.onlyElsewhere;
	}

	/** Decides whether a picked address is taken; by the owner of the attempt. */
	boolean takes(Address address) {
		return this.used == null || this.used.add(address, this) || !this.onlyElsewhere;
	}

	/** Has a call that waits try again; whoever took it from the queue. */
	void attempt() {
		this.attempts.next();
	}

	/** Starts a stream; called by the owner of the attempt. */
	void open(ClientTransport transport, Address address, Metadata toSend, int previousAttempts) {
		if (this.tracers != null) {
			Waits waited = this.attempts.waited();
			if (waited != null) {
				this.tracers.delayed(waited);
			}
			this.tracers.attemptCreated(address, toSend, previousAttempts);
		}
		ClientStream stream = transport.newStream(head(toSend), this);
		if (this.tracers != null) {
			this.tracers.attemptStarted(transport.attributes(), toSend);
		}
		Status meanwhile = this.outbound.assign(stream);
		if (meanwhile != null) {
			stream.cancel(meanwhile);
		}
		else if (this.attempt != null) {
			this.attempt.opened();
		}
	}

	/** Returns whether a server that did not process the call is asked once more. */
	boolean mayRepeatRefused(boolean first) {
		return (this.attempt != null) ? this.attempt.mayRepeatRefused() : first;
	}

	/** Whether user code may not run on the thread that goes on with this call. */
	boolean isContinued() {
		return this.attempt != null && this.attempt.number() > 0;
	}

	@Override
	Status whereItWaits(Status code) {
		return this.attempts.whereItWaits(code);
	}

	boolean hasEnded() {
		return this.ended != 0;
	}

	/** Whether this is the pool that calls share unless they are told otherwise. */
	boolean isPool(Executor executor) {
		return executor == this.env.core.pool;
	}

	@Nullable ClientStream stream() {
		return this.outbound.stream();
	}

	/** What has come back, for messages. */
	String received() {
		return started().received();
	}

	boolean isConnEnded() {
		return this.env.core.shutdown != null;
	}

	@Override
	void cancel(Status status) {
		ClientStream stream = this.outbound.end(status);
		if (stream != null) {
			stream.cancel(status);
		}
		else if (this.inbound != null) {
			fail(status);
		}
	}

	@Override
	void fail(Status status) {
		end(status, new Metadata(), true);
	}

	@Override
	public void onReady() {
		if (!this.method.getType().clientSendsOneMessage()) {
			started().ready();
		}
	}

	@Override
	public void onHeaders(Metadata metadata) {
		if (this.attempt != null && !this.attempt.headersArrived()) {
			return;
		}
		this.outbound.commit();
		if (this.tracers != null) {
			this.tracers.headersReceived(metadata);
		}
		try {
			started().headers(metadata, this.env.compression.decompressor(metadata));
		}
		catch (StatusException ex) {
			cancel(ex.getStatus());
		}
	}

	@Override
	public void onData(ByteBuf data) {
		started().data(data);
	}

	@Override
	public void onReadComplete() {
		started().readComplete();
	}

	@Override
	public void onClosed(Status status, Processing processing, Metadata trailers) {
		if (this.tracers != null) {
			if (processing == Processing.ANSWERED) {
				this.tracers.trailersReceived(trailers);
			}
			this.tracers.attemptEnded(status);
		}
		this.attempts.ended(status, processing);
		if (this.attempts.mayRepeat(processing) && !isExpired() && this.outbound.detach()) {
			this.attempts.repeat(status, processing);
			return;
		}
		Status result = started().streamEnded(status);
		Status cancelReason = this.outbound.ended();
		if (cancelReason != null) {
			result = cancelReason;
		}
		else if (!result.isOk() && this.deadline != null && this.deadline.isExpired()) {
			result = Status.DEADLINE_EXCEEDED
				.withDescription(this.deadline.passed(elapsedNanos(), "the stream ended with " + text(result)))
				.withCause(result.getCause());
		}
		// What waits for a request would keep a call of a closed ClientConn open.
		end(result, trailers, cancelReason != null || this.env.core.shutdownNow != null);
	}

	private StreamHead head(Metadata toSend) {
		String encoding = (this.compressor != null) ? this.compressor.getMessageEncoding() : null;
		Integer threshold = this.callOptions.getOnReadyThreshold();
		Codec codec = this.env.codec(this.callOptions);
		return new StreamHead(this.method, this.callOptions.getAuthority(),
				(this.deadline != null) ? this.deadline.deadline() : null,
				MessageFormat.of((codec != null) ? codec.contentSubtype() : null, encoding), toSend,
				(threshold != null) ? threshold : StreamHead.DEFAULT_ON_READY_THRESHOLD, this.attempts.isReserved());
	}

	private void end(Status status, Metadata trailers, boolean discard) {
		if (!ENDED.compareAndSet(this, 0, 1)) {
			return;
		}
		this.outbound.end(status);
		this.attempts.callEnded(status);
		if (this.attempt != null) {
			endAttempt(this.attempt, status, trailers, discard);
			return;
		}
		unwatch();
		if (this.tracers != null) {
			if (this.attempts.count() == 0) {
				this.tracers.neverAttempted(this.headers, status, this.attempts.waited());
			}
			this.tracers.callEnded(status);
		}
		started().close(status, trailers, discard);
		this.env.callEnded(stream(), executor());
	}

	private void endAttempt(RetriableAttempt<ReqT, RespT> of, Status status, Metadata trailers, boolean discard) {
		if (this.tracers != null && this.attempts.count() == 0 && status != Reasons.NO_OTHER_ADDRESS) {
			this.tracers.neverAttempted(this.headers, status, this.attempts.waited());
		}
		CallEnd ofCall = of.ended(status, trailers, this.attempts.isDropped());
		if (ofCall != null) {
			started().close(ofCall.status(), ofCall.trailers(), discard);
			this.env.callEnded(stream(), executor());
		}
		else if (of.isLate()) {
			// Messages may wait that came before the server knew.
			started().close(status, trailers, true);
		}
	}

	private Inbound<RespT> started() {
		requireStarted("this method");
		return Objects.requireNonNull(this.inbound);
	}

	private static String text(Status status) {
		return status.getCode() + ((status.getDescription() != null) ? ": " + status.getDescription() : "");
	}

}
