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

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.stats.Repeats;
import dev.clientconn.stats.RpcStats;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Compressor;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
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
final class RetriableCall<ReqT, RespT> extends EngineCall<ReqT, RespT> {

	private static final Logger logger = LoggerFactory.getLogger(RetriableCall.class);

	private static final Metadata.Key<String> PREVIOUS_ATTEMPTS = Metadata.Key.of("grpc-previous-rpc-attempts",
			Metadata.ASCII_STRING_MARSHALLER);

	// set at creation, never change

	private final ReplayBuffer buffer;

	private final RetriableAttempts<ReqT, RespT> attempts;

	// set by start, before any attempt

	private @Nullable Listener<RespT> listener;

	private @Nullable RpcStats stats;

	RetriableCall(CallEnv env, MethodDescriptor<ReqT, RespT> method, CallOptions callOptions, MethodConfig config,
			AttemptPlan plan) {
		super(env, method, callOptions.withExecutor(delivery(env, method, callOptions)), config, Context.current());
		this.buffer = new ReplayBuffer(env.options.retry, env.core.extraLoad().replayBytes);
		this.attempts = new RetriableAttempts<>(this, plan);
	}

	/** Returns what delivers to the listener, one task at a time. */
	private static Executor delivery(CallEnv env, MethodDescriptor<?, ?> method, CallOptions callOptions) {
		Executor own = callOptions.getExecutor();
		Executor shared = (own != null) ? own : env.executor;
		// Several attempts may say that they are ready to send, which needs an order.
		return method.getType().clientSendsOneMessage() ? shared : new SerialExecutor(shared);
	}

	@Override
	boolean isStarted() {
		return this.listener != null;
	}

	@Override
	void listen(Listener<RespT> listener) {
		this.listener = listener;
		this.stats = this.env.stats.rpcStarted(this.env.identity.target(), this.method);
	}

	@Override
	void begin() {
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
	boolean countsPlainBytes() {
		return true;
	}

	@Override
	void send(byte[] frame, int plainBytes) {
		if (this.stats != null) {
			this.stats.messageSent(frame.length);
		}
		this.buffer.add(new RequestFrame(frame, plainBytes));
		this.attempts.feed();
	}

	@Override
	public void halfClose() {
		requireStarted("halfClose");
		this.buffer.halfClose();
		this.attempts.feed();
	}

	@Override
	void cancel(Status status) {
		if (this.listener != null) {
			this.attempts.end(status);
		}
	}

	@Override
	void fail(Status status) {
		this.attempts.end(status);
	}

	@Override
	Status whereItWaits(Status code) {
		return this.attempts.whereItWaits(code);
	}

	@Override
	public boolean isReady() {
		return this.attempts.isReady();
	}

	/** Returns those of the oldest attempt that runs. */
	@Override
	public Attributes getAttributes() {
		List<RetriableAttempt<ReqT, RespT>> running = this.attempts.running();
		return running.isEmpty() ? Attributes.EMPTY : running.get(0).call().getAttributes();
	}

	CallEnv env() {
		return this.env;
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
		unwatch();
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
			executor().execute(close);
		}
		catch (RejectedExecutionException ex) {
			// Better on this thread than a call that never ends.
			close.run();
		}
		this.env.callEnded(null, executor());
	}

	private void close(CallEnd end) {
		try {
			listener().onClose(end.status(), end.trailers());
		}
		catch (Throwable ex) {
			logger.warn("{} - the listener failed in onClose", this, ex);
		}
	}

}
