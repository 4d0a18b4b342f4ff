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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.stats.Repeats;
import dev.clientconn.stats.RpcStats;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Compressor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that its policy may send more than once (gRFC A6). Marshals each request message
 * once, and leaves the rest to its {@link RetriableAttempts}, which are calls of their
 * own: each picks an address, asks for credentials and has a stream.
 *
 * @param <ReqT> the request type
 * @param <RespT> the response type
 */
final class RetriableCall<ReqT, RespT> extends ClientCall<ReqT, RespT>
		implements Context.CancellationListener, CallDeadline.Owner {

	private static final Logger logger = LoggerFactory.getLogger(RetriableCall.class);

	private static final Metadata.Key<String> PREVIOUS_ATTEMPTS = Metadata.Key.of("grpc-previous-rpc-attempts",
			Metadata.ASCII_STRING_MARSHALLER);

	// set at creation, never change

	private final CallEnv env;

	private final MethodDescriptor<ReqT, RespT> method;

	private final CallOptions callOptions;

	private final MethodConfig config;

	/** Delivers to the listener, one task at a time. */
	private final Executor executor;

	private final Context context = Context.current();

	private final ReplayBuffer buffer;

	private final RetriableAttempts<ReqT, RespT> attempts;

	// set by start, before any attempt

	private @Nullable Listener<RespT> listener;

	private Metadata headers = new Metadata();

	private @Nullable RpcStats stats;

	private @Nullable CallDeadline deadline;

	private @Nullable Compressor compressor;

	private long startNanos;

	// only in the calling thread

	private boolean compress = true;

	private boolean cancelled;

	RetriableCall(CallEnv env, MethodDescriptor<ReqT, RespT> method, CallOptions callOptions, MethodConfig config,
			AttemptPlan plan) {
		this.env = env;
		this.method = method;
		this.config = config;
		Executor own = callOptions.getExecutor();
		Executor shared = (own != null) ? own : env.executor;
		// Several attempts may say that they are ready to send, which needs an order.
		this.executor = method.getType().clientSendsOneMessage() ? shared : new SerialExecutor(shared);
		this.callOptions = callOptions.withExecutor(this.executor);
		this.buffer = new ReplayBuffer(env.options.retry, env.core.replayBytes);
		this.attempts = new RetriableAttempts<>(this, plan);
	}

	@Override
	public void start(Listener<RespT> listener, Metadata headers) {
		Objects.requireNonNull(listener, "listener");
		Objects.requireNonNull(headers, "headers");
		if (this.listener != null) {
			throw new IllegalStateException("call already started");
		}
		if (this.cancelled) {
			throw new IllegalStateException("call was cancelled before it was started");
		}
		this.startNanos = this.env.scheduler().nanoTime();
		this.listener = listener;
		this.headers = headers;
		this.stats = this.env.stats.rpcStarted(this.env.identity.target(), this.method);
		// Counted before shutdown is looked at: see ConnCore.allCallsEnded.
		this.env.core.started.increment();
		Status refusal = refusal();
		if (refusal == null && this.deadline != null) {
			refusal = this.deadline.watch(this.env.control.loops().deadlines());
		}
		if (refusal != null) {
			this.attempts.end(refusal);
			return;
		}
		CallDeadline.check(this.deadline, this.env.core, this.method, this);
		if (this.context != Context.ROOT) {
			this.context.addListener(this, Runnable::run);
		}
		this.attempts.begin();
	}

	@Override
	public void request(int count) {
		if (count < 0) {
			throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
		}
		requireStarted("request");
		this.attempts.request(count);
	}

	@Override
	public void sendMessage(ReqT message) {
		requireStarted("sendMessage");
		int limit = ClientConnCall.lower(this.callOptions.getMaxOutboundMessageSize(),
				this.config.maxRequestMessageBytes(), this.env.options.maxOutboundMessageSize);
		RequestFrame frame;
		try {
			frame = RequestFrame.of(this.method, message, this.compress ? this.compressor : null, limit);
		}
		catch (StatusRuntimeException | IOException ex) {
			this.attempts.end(ClientConnCall.unsent(ex, this.callOptions));
			return;
		}
		catch (RuntimeException | Error ex) {
			this.attempts.end(Status.CANCELLED.withDescription("failed to marshal the request message").withCause(ex));
			throw ex;
		}
		if (this.stats != null) {
			this.stats.messageSent(frame.bytes().length);
		}
		this.buffer.add(frame);
		this.attempts.feed();
	}

	@Override
	public void halfClose() {
		requireStarted("halfClose");
		this.buffer.halfClose();
		this.attempts.feed();
	}

	@Override
	public void cancel(@Nullable String message, @Nullable Throwable cause) {
		if (message == null && cause == null) {
			cause = new CancellationException("cancelled without a message or cause");
		}
		this.cancelled = true;
		if (this.listener != null) {
			Status status = Status.CANCELLED.withDescription((message != null) ? message : "call cancelled");
			this.attempts.end((cause != null) ? status.withCause(cause) : status);
		}
	}

	@Override
	public boolean isReady() {
		return this.attempts.isReady();
	}

	@Override
	public void setMessageCompression(boolean enabled) {
		requireStarted("setMessageCompression");
		this.compress = enabled;
	}

	/** Returns those of the oldest attempt that runs. */
	@Override
	public Attributes getAttributes() {
		List<RetriableAttempt<ReqT, RespT>> running = this.attempts.running();
		return running.isEmpty() ? Attributes.EMPTY : running.get(0).call().getAttributes();
	}

	@Override
	public void cancelled(Context context) {
		Status status = CallDeadline.cancelledBy(context, this.env.options);
		if (status == null) {
			deadlineExpired();
		}
		else {
			this.attempts.end(status);
		}
	}

	@Override
	public String toString() {
		return this.env.identity.target() + " " + this.method.getFullMethodName();
	}

	@Override
	public CallOptions callOptions() {
		return this.callOptions;
	}

	CallEnv env() {
		return this.env;
	}

	Context context() {
		return this.context;
	}

	MethodConfig config() {
		return this.config;
	}

	boolean avoidsUsedAddresses() {
		return this.env.options.retry.avoidUsedAddresses();
	}

	ReplayBuffer buffer() {
		return this.buffer;
	}

	Listener<RespT> listener() {
		return Objects.requireNonNull(this.listener);
	}

	@Nullable RpcStats stats() {
		return this.stats;
	}

	@Nullable CallDeadline deadline() {
		return this.deadline;
	}

	@Nullable Compressor compressor() {
		return this.compressor;
	}

	/** Makes the call of an attempt; it has not begun. */
	ClientConnCall<ReqT, RespT> newAttempt(RetriableAttempt<ReqT, RespT> attempt) {
		Metadata own = new Metadata();
		own.merge(this.headers);
		if (attempt.number() > 0) {
			own.discardAll(PREVIOUS_ATTEMPTS);
			own.put(PREVIOUS_ATTEMPTS, Integer.toString(attempt.number()));
		}
		ClientConnCall<ReqT, RespT> call = new ClientConnCall<>(this.env, this.method, this.callOptions, this.config,
				attempt);
		call.prepare(this, own);
		return call;
	}

	/** Returns what all calls end with now, {@code null} if they go on. */
	@Nullable Status closing() {
		return this.env.core.shutdownNow;
	}

	/**
	 * The call has no attempt until a timer is due, or has one again. Takes part in
	 * shutdownNow meanwhile, which finds it nowhere else.
	 */
	void waits(boolean waiting) {
		if (waiting) {
			this.env.core.awaitingRetry.add(this.attempts);
		}
		else {
			this.env.core.awaitingRetry.remove(this.attempts);
		}
	}

	/** The call ends; the application is not told yet. */
	void ending(Status status) {
		this.buffer.release();
		if (this.deadline != null) {
			this.deadline.unwatch();
		}
		if (this.context != Context.ROOT) {
			this.context.removeListener(this);
		}
		if (this.stats != null) {
			Repeats repeats = this.attempts.repeats();
			if (repeats != null) {
				this.stats.repeated(repeats);
			}
			this.stats.ended(status, elapsedNanos());
		}
	}

	/** Ends the call while no attempt runs that could tell the application. */
	void closeWithoutAttempt(CallEnd end) {
		ending(end.status());
		Runnable close = this.context.wrap(() -> close(end));
		try {
			this.executor.execute(close);
		}
		catch (RejectedExecutionException ex) {
			// Better on this thread than a call that never ends.
			close.run();
		}
		this.env.callEnded();
	}

	private void close(CallEnd end) {
		try {
			listener().onClose(end.status(), end.trailers());
		}
		catch (Throwable ex) {
			logger.warn("{} - the listener failed in onClose", this, ex);
		}
	}

	private @Nullable Status refusal() {
		Status closed = this.env.core.shutdown;
		if (closed != null) {
			return closed;
		}
		if (this.context.isCancelled()) {
			return Contexts.statusFromCancelled(this.context);
		}
		try {
			this.compressor = this.env.compression.compressor(this.callOptions.getCompressor());
		}
		catch (StatusException ex) {
			return ex.getStatus();
		}
		this.deadline = CallDeadline.of(this, this.context, this.config.timeout(), this.env.options);
		return null;
	}

	@Override
	public void deadlineExpired() {
		if (this.deadline != null) {
			Status where = this.attempts.whereItWaits(Status.DEADLINE_EXCEEDED);
			this.attempts.end(where.withDescription(this.deadline.passed(elapsedNanos(), where.getDescription())));
		}
	}

	private long elapsedNanos() {
		return this.env.scheduler().nanoTime() - this.startNanos;
	}

	private void requireStarted(String what) {
		if (this.listener == null) {
			throw new IllegalStateException(what + " called before start");
		}
	}

}
