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
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientStream;
import dev.clientconn.transport.ClientTransport;
import dev.clientconn.transport.Processing;
import dev.clientconn.transport.StreamHead;
import dev.clientconn.transport.StreamListener;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Decompressor;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One call: picks an address, runs attempts on it and its successors, and ends exactly
 * once. The request side is in {@link Outbound}, the response side in {@link Inbound}. At
 * any time one party owns the next attempt: the starting thread, the queue of pending
 * calls, or the event loop on which the last attempt ended.
 *
 * @param <ReqT> the request type
 * @param <RespT> the response type
 */
final class ClientConnCall<ReqT, RespT> extends ClientCall<ReqT, RespT>
		implements StreamListener, PickOptions, Context.CancellationListener {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<ClientConnCall> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(ClientConnCall.class, "ended");

	private static final Metadata.Key<String> GRPC_ENCODING = Metadata.Key.of("grpc-encoding",
			Metadata.ASCII_STRING_MARSHALLER);

	// set at creation, never change

	private final CallEnv env;

	private final MethodDescriptor<ReqT, RespT> method;

	private final CallOptions callOptions;

	private final Context context = Context.current();

	private final Outbound outbound;

	// set by start, before any attempt

	private @Nullable Inbound<RespT> inbound;

	private @Nullable CallTracers tracers;

	private Metadata headers = new Metadata();

	private MethodConfig config = MethodConfig.EMPTY;

	private @Nullable Deadline deadline;

	private String deadlineSource = "";

	private Scheduler.@Nullable Timer deadlineTimer;

	private @Nullable Compressor compressor;

	private long startNanos;

	// only in the calling thread

	private boolean compress = true;

	private boolean cancelled;

	// only in the owner of the attempt

	private Pick pick = Pick.queue();

	private @Nullable AddrConn addrConn;

	private @Nullable ClientTransport transport;

	/** Took no stream of ours: not asked again while it is still published. */
	private @Nullable ClientTransport rejectedBy;

	private int attempts;

	private boolean refused;

	/** Read by whoever ends the call. */
	private volatile long ticket;

	/** Set before the credentials are asked, read when the call ends. */
	private volatile @Nullable CredentialsApplier credentials;

	/** 0 until the call has ended; the winner tells the listener. */
	private volatile int ended;

	ClientConnCall(CallEnv env, MethodDescriptor<ReqT, RespT> method, CallOptions callOptions) {
		this.env = env;
		this.method = method;
		this.callOptions = callOptions;
		this.outbound = new Outbound(method.getType().clientSendsOneMessage());
	}

	@Override
	public void start(Listener<RespT> listener, Metadata headers) {
		Objects.requireNonNull(listener, "listener");
		Objects.requireNonNull(headers, "headers");
		if (this.inbound != null) {
			throw new IllegalStateException("call already started");
		}
		if (this.cancelled) {
			throw new IllegalStateException("call was cancelled before it was started");
		}
		this.startNanos = this.env.scheduler().nanoTime();
		this.headers = headers;
		this.tracers = CallTracers.of(this.callOptions,
				this.env.stats.rpcStarted(this.env.identity.target(), this.method), this.startNanos);
		this.inbound = new Inbound<>(this, listener, this.tracers);
		this.config = this.env.serviceConfig.forMethod(this.method.getFullMethodName());
		// Counted before shutdown is looked at: see CallEnv.allCallsEnded.
		this.env.started.increment();
		Status refusal = refusal();
		if (refusal != null) {
			end(refusal, new Metadata(), true);
			return;
		}
		watchDeadlineAndContext();
		attempt();
	}

	@Override
	public void request(int count) {
		if (count < 0) {
			throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
		}
		started().request(count);
	}

	@Override
	public void sendMessage(ReqT message) {
		requireStarted("sendMessage");
		int limit = lower(this.callOptions.getMaxOutboundMessageSize(), this.config.maxRequestMessageBytes(),
				Integer.MAX_VALUE);
		byte[] frame;
		int plainBytes = -1;
		try {
			InputStream marshalled = this.method.streamRequest(message);
			if (this.tracers != null && marshalled instanceof KnownLength) {
				plainBytes = marshalled.available();
			}
			frame = MessageFramer.frame(marshalled, this.compress ? this.compressor : null, limit);
		}
		catch (StatusRuntimeException | IOException ex) {
			// CANCELLED with the reason as its cause, as users of grpc-java know it.
			cancel(Status.CANCELLED.withDescription("failed to send a message: " + ex.getMessage()).withCause(ex));
			return;
		}
		catch (RuntimeException | Error ex) {
			cancel(Status.CANCELLED.withDescription("failed to marshal the request message").withCause(ex));
			throw ex;
		}
		if (this.tracers != null) {
			this.tracers.messageSent(frame.length,
					(plainBytes >= 0) ? plainBytes : frame.length - MessageFramer.PREFIX_BYTES);
		}
		this.outbound.message(frame);
	}

	@Override
	public void halfClose() {
		requireStarted("halfClose");
		this.outbound.halfClose();
	}

	@Override
	public void cancel(@Nullable String message, @Nullable Throwable cause) {
		if (message == null && cause == null) {
			cause = new CancellationException("cancelled without a message or cause");
		}
		this.cancelled = true;
		Status status = (message != null) ? Status.CANCELLED.withDescription(message)
				: Status.CANCELLED.withDescription("call cancelled");
		cancel((cause != null) ? status.withCause(cause) : status);
	}

	@Override
	public boolean isReady() {
		ClientStream stream = this.outbound.stream();
		// A single request message is always taken: its headers wait for it.
		return this.ended == 0 && stream != null && (this.method.getType().clientSendsOneMessage() || stream.isReady());
	}

	@Override
	public void setMessageCompression(boolean enabled) {
		requireStarted("setMessageCompression");
		this.compress = enabled;
	}

	@Override
	public Attributes getAttributes() {
		ClientStream stream = this.outbound.stream();
		return (stream != null) ? stream.attributes() : Attributes.EMPTY;
	}

	@Override
	public MethodDescriptor<ReqT, RespT> method() {
		return this.method;
	}

	@Override
	public CallOptions callOptions() {
		return this.callOptions;
	}

	@Override
	public Metadata headers() {
		return this.headers;
	}

	@Override
	public boolean waitForReady() {
		if (this.callOptions.isWaitForReady()) {
			return true;
		}
		Boolean ofConfig = this.config.waitForReady();
		return (ofConfig != null) ? ofConfig : this.env.options.waitForReady;
	}

	/** Chooses an address and starts an attempt on it, or queues the call, or ends it. */
	void attempt() {
		if (this.ended != 0) {
			return;
		}
		Status closing = this.env.shutdownNow;
		if (closing != null) {
			end(closing, new Metadata(), true);
			return;
		}
		int epoch = this.env.control.conns().epoch();
		Status failure = choose();
		if (failure == null) {
			return;
		}
		if (!failure.isOk()) {
			end(failure, new Metadata(), true);
			return;
		}
		this.env.exitIdle();
		if (this.ticket == 0) {
			this.ticket = this.env.pending().ticket();
		}
		this.env.pending().add(this.ticket, this);
		if (this.ended != 0) {
			this.env.pending().remove(this.ticket);
		}
		else if (this.env.control.conns().epoch() != epoch || this.env.shutdownNow != null) {
			this.env.control.conns().picksChanged();
		}
	}

	Context context() {
		return this.context;
	}

	Executor executor() {
		Executor own = this.callOptions.getExecutor();
		return (own != null) ? own : this.env.executor;
	}

	@Nullable ClientStream stream() {
		return this.outbound.stream();
	}

	boolean isConnEnded() {
		return this.env.shutdown != null;
	}

	int maxInboundMessageBytes() {
		return lower(this.callOptions.getMaxInboundMessageSize(), this.config.maxResponseMessageBytes(),
				this.env.options.maxInboundMessageSize);
	}

	/** Ends the call from our side, with or without a stream. Any thread. */
	void cancel(Status status) {
		ClientStream stream = this.outbound.end(status);
		if (stream != null) {
			stream.cancel(status);
		}
		else if (this.inbound != null) {
			end(status, new Metadata(), true);
		}
	}

	@Override
	public void cancelled(Context context) {
		Throwable cause = context.cancellationCause();
		if (cause instanceof java.util.concurrent.TimeoutException) {
			deadlineExpired();
		}
		else {
			cancel(Status.CANCELLED.withDescription("io.grpc.Context was cancelled").withCause(cause));
		}
	}

	@Override
	public void onReady() {
		if (!this.method.getType().clientSendsOneMessage()) {
			started().ready();
		}
	}

	@Override
	public void onHeaders(Metadata metadata) {
		this.outbound.commit();
		if (this.tracers != null) {
			this.tracers.headersReceived(metadata);
		}
		Decompressor decompressor = null;
		String encoding = metadata.get(GRPC_ENCODING);
		if (encoding != null && !encoding.equals(Codec.Identity.NONE.getMessageEncoding())) {
			decompressor = this.env.decompressors.lookupDecompressor(encoding);
			if (decompressor == null) {
				cancel(Status.INTERNAL.withDescription("no decompressor is installed for grpc-encoding \"" + encoding
						+ "\" (accepted: " + this.env.decompressors.getAdvertisedMessageEncodings() + ")"));
				return;
			}
		}
		started().headers(metadata, decompressor);
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
		boolean byServer = processing == Processing.ANSWERED;
		if (this.tracers != null && byServer) {
			this.tracers.trailersReceived(trailers);
		}
		attemptEnded(status, byServer);
		if (mayRepeat(processing) && this.outbound.detach()) {
			// After REFUSED_STREAM the connection is as good as before, and no event will
			// come to wake a call that waits for another one.
			this.rejectedBy = (processing == Processing.NOT_SENT) ? this.transport : null;
			attempt();
			return;
		}
		Status cancelReason = this.outbound.ended();
		Status result = (cancelReason != null) ? cancelReason : started().streamEnded(status);
		if (cancelReason != null) {
			started().streamEnded(status);
		}
		else if (!result.isOk() && isExpired()) {
			result = Status.DEADLINE_EXCEEDED.withDescription(deadlineText("the stream ended with " + text(result)))
				.withCause(result.getCause());
		}
		// What waits for a request would keep a call of a closed ClientConn open.
		end(result, trailers, cancelReason != null || this.env.shutdownNow != null);
	}

	@Override
	public String toString() {
		return this.env.identity.target() + " " + this.method.getFullMethodName();
	}

	private @Nullable Status refusal() {
		Status closed = this.env.shutdown;
		if (closed != null) {
			return closed;
		}
		if (this.context.isCancelled()) {
			return Contexts.statusFromCancelled(this.context);
		}
		String name = this.callOptions.getCompressor();
		if (name != null) {
			this.compressor = this.env.compressors.lookupCompressor(name);
			if (this.compressor == null) {
				return Status.INTERNAL.withDescription("unable to find a compressor by name \"" + name + "\"");
			}
		}
		else {
			this.compressor = this.env.options.compressor;
		}
		if (this.compressor == Codec.Identity.NONE) {
			this.compressor = null;
		}
		setDeadline();
		if (this.deadline != null && this.deadline.isExpired()) {
			return Status.DEADLINE_EXCEEDED.withDescription("ClientCall started after " + this.deadlineSource
					+ " deadline was exceeded " + seconds(-this.deadline.timeRemaining(TimeUnit.NANOSECONDS)) + " ago");
		}
		return null;
	}

	/** The earliest of all deadlines; the default one only where there is no other. */
	private void setDeadline() {
		offerDeadline(this.callOptions.getDeadline(), "CallOptions");
		offerDeadline(this.context.getDeadline(), "Context");
		Duration configured = this.config.timeout();
		if (configured != null) {
			offerDeadline(Deadline.after(configured.toNanos(), TimeUnit.NANOSECONDS), "service config");
		}
		Duration fallback = this.env.options.defaultDeadline;
		if (this.deadline == null && fallback != null) {
			offerDeadline(Deadline.after(fallback.toNanos(), TimeUnit.NANOSECONDS), "default");
		}
	}

	private void offerDeadline(@Nullable Deadline offered, String source) {
		if (offered != null && (this.deadline == null || offered.isBefore(this.deadline))) {
			this.deadline = offered;
			this.deadlineSource = source;
		}
	}

	private void watchDeadlineAndContext() {
		if (this.deadline != null) {
			Duration rest = Duration.ofNanos(this.deadline.timeRemaining(TimeUnit.NANOSECONDS));
			this.deadlineTimer = this.env.scheduler().schedule(this::deadlineExpired, rest);
		}
		if (this.context != Context.ROOT) {
			this.context.addListener(this, Runnable::run);
		}
	}

	private void deadlineExpired() {
		if (this.outbound.stream() == null && this.attempts == 0) {
			Status status = Diagnosis.noReadyConnection(Status.DEADLINE_EXCEEDED, this.env, elapsedNanos());
			String where = (this.credentials != null) ? "its credentials have not answered" : status.getDescription();
			cancel(status.withDescription(deadlineText(where)));
		}
		else {
			AddrConn to = this.addrConn;
			cancel(Status.DEADLINE_EXCEEDED
				.withDescription(deadlineText("the request went to " + ((to != null) ? to.address() : "no address"))));
		}
	}

	private String deadlineText(@Nullable String where) {
		return this.deadlineSource + " deadline exceeded after " + seconds(elapsedNanos()) + ". [" + where + "]";
	}

	private long elapsedNanos() {
		return this.env.scheduler().nanoTime() - this.startNanos;
	}

	private static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.3fs", nanos / 1e9);
	}

	private boolean isExpired() {
		return this.deadline != null && this.deadline.isExpired();
	}

	/**
	 * Returns {@code null} if an attempt was started, OK to queue, else why the call
	 * fails.
	 */
	private @Nullable Status choose() {
		if (this.env.asleep) {
			return Status.OK;
		}
		Pick choice;
		try {
			choice = this.env.control.balancer().get(this);
		}
		catch (RuntimeException ex) {
			return Status.INTERNAL.withDescription("the balancer failed to pick an address: " + ex).withCause(ex);
		}
		if (!choice.failure().isOk()) {
			return choice.failure();
		}
		boolean failing = this.env.isFailing();
		Address address = choice.address();
		if (address != null) {
			AddrConn to = this.env.control.conns().find(address);
			AddrConnState state = (to != null) ? to.state() : null;
			ClientTransport transport = (state != null) ? state.transport() : null;
			if (to != null && transport != null && transport != this.rejectedBy) {
				this.pick = choice;
				this.addrConn = to;
				this.transport = transport;
				begin(transport);
				return null;
			}
			failing = failing || (state != null && state.isFailing());
			Pick.Put put = choice.put();
			if (put != null) {
				put.put(Reasons.DRAIN);
			}
		}
		if (failing && !waitForReady()) {
			return Diagnosis.noReadyConnection(Status.UNAVAILABLE, this.env, elapsedNanos());
		}
		return Status.OK;
	}

	private void begin(ClientTransport transport) {
		if (this.attempts == 0 && CredentialsApplier.hasWork(this.env, this.callOptions)) {
			askCredentials(transport);
		}
		else {
			open(transport);
		}
	}

	private void askCredentials(ClientTransport transport) {
		CredentialsApplier asked = new CredentialsApplier(this.env, this, transport.attributes(), (failure) -> {
			this.env.awaitingCredentials.remove(this);
			if (failure == null) {
				open(transport);
			}
			else {
				attemptEnded(failure, false);
				cancel(failure);
			}
		});
		this.env.awaitingCredentials.add(this);
		this.credentials = asked;
		Status closing = this.env.shutdownNow;
		if (closing != null) {
			cancel(closing);
		}
		if (this.ended == 0) {
			asked.start();
		}
		else {
			abandonCredentials(Status.CANCELLED);
		}
	}

	/** The call has a pick, but no stream that would give it back. */
	private void abandonCredentials(Status status) {
		CredentialsApplier asked = this.credentials;
		if (asked != null && asked.abandon()) {
			this.env.awaitingCredentials.remove(this);
			putPick(status);
		}
	}

	private void open(ClientTransport transport) {
		AddrConn to = Objects.requireNonNull(this.addrConn);
		Metadata toSend = headersFor(to.address());
		if (this.tracers != null) {
			this.tracers.attemptCreated(toSend, this.attempts);
		}
		this.attempts++;
		String encoding = (this.compressor != null) ? this.compressor.getMessageEncoding() : null;
		Integer threshold = this.callOptions.getOnReadyThreshold();
		ClientStream stream = transport
			.newStream(new StreamHead(this.method, this.callOptions.getAuthority(), this.deadline, encoding, toSend,
					(threshold != null) ? threshold : StreamHead.DEFAULT_ON_READY_THRESHOLD), this);
		if (this.tracers != null) {
			this.tracers.attemptStarted(to.address(), transport.attributes(), toSend);
		}
		Status meanwhile = this.outbound.assign(stream);
		if (meanwhile != null) {
			stream.cancel(meanwhile);
		}
	}

	private Metadata headersFor(Address address) {
		Map<String, String> ofAddress = address.headers();
		if (ofAddress.isEmpty()) {
			return this.headers;
		}
		Metadata merged = new Metadata();
		merged.merge(this.headers);
		ofAddress.forEach((name, value) -> merged.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
		return merged;
	}

	private void putPick(Status status) {
		Pick.Put put = this.pick.put();
		this.pick = Pick.queue();
		if (put != null) {
			put.put(status);
		}
	}

	private void attemptEnded(Status status, boolean byServer) {
		putPick(status);
		if (this.addrConn != null && this.attempts > 0) {
			this.addrConn.attemptEnded(status, byServer);
		}
		if (this.tracers != null) {
			this.tracers.attemptEnded(status);
		}
	}

	/** Transparent retry, design decision 5: nothing written freely, unprocessed once. */
	private boolean mayRepeat(Processing processing) {
		if (isExpired()) {
			return false;
		}
		return switch (processing) {
			case NOT_SENT -> true;
			case REFUSED -> {
				boolean first = !this.refused;
				this.refused = true;
				yield first;
			}
			case POSSIBLE, ANSWERED -> false;
		};
	}

	private void end(Status status, Metadata trailers, boolean discard) {
		if (!ENDED.compareAndSet(this, 0, 1)) {
			return;
		}
		this.outbound.end(status);
		if (this.ticket != 0) {
			// Here and not before: until it has ended the call may still queue itself.
			this.env.pending().remove(this.ticket);
		}
		abandonCredentials(status);
		if (this.deadlineTimer != null) {
			this.deadlineTimer.cancel();
		}
		if (this.context != Context.ROOT) {
			this.context.removeListener(this);
		}
		if (this.tracers != null) {
			if (this.attempts == 0) {
				// As grpc-java: a call that never got a stream still has a tracer to
				// tell.
				this.tracers.attemptCreated(this.headers, 0);
				this.tracers.attemptEnded(status);
			}
			this.tracers.callEnded(status, this.env.scheduler().nanoTime());
		}
		started().close(status, trailers, discard);
		this.env.callEnded();
	}

	private Inbound<RespT> started() {
		requireStarted("this method");
		return Objects.requireNonNull(this.inbound);
	}

	private void requireStarted(String what) {
		if (this.inbound == null) {
			throw new IllegalStateException(what + " called before start");
		}
	}

	private static String text(Status status) {
		return status.getCode() + ((status.getDescription() != null) ? ": " + status.getDescription() : "");
	}

	private static int lower(@Nullable Integer ofCall, @Nullable Integer ofConfig, int fallback) {
		int limit = (ofCall != null) ? ofCall : fallback;
		return (ofConfig != null) ? Math.min(limit, ofConfig) : limit;
	}

}
