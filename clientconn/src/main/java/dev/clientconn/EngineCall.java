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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;

import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.MethodConfig;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Compressor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * What all calls do alike, whether they may be sent once or more often: the checks at the
 * start, the deadline and the context, marshalling, and what is in force for the call.
 *
 * @param <ReqT> the request type
 * @param <RespT> the response type
 */
abstract class EngineCall<ReqT, RespT> extends ClientCall<ReqT, RespT>
		implements PickOptions, Context.CancellationListener, CallDeadline.Owner {

	// set at creation, never change

	final CallEnv env;

	final MethodDescriptor<ReqT, RespT> method;

	final CallOptions callOptions;

	final Context context;

	final MethodConfig config;

	// set by start (of an attempt: by the thread that makes it), before it runs

	Metadata headers = new Metadata();

	@Nullable CallDeadline deadline;

	@Nullable Compressor compressor;

	long startNanos;

	// only in the calling thread

	private boolean compress = true;

	private boolean cancelled;

	/**
	 * Makes a call.
	 * @param config what the service config in force says of the method
	 */
	EngineCall(CallEnv env, MethodDescriptor<ReqT, RespT> method, CallOptions callOptions, MethodConfig config,
			Context context) {
		this.env = env;
		this.method = method;
		this.callOptions = callOptions;
		this.config = config;
		this.context = context;
	}

	/** Whether there is a listener. */
	abstract boolean isStarted();

	/** Takes the listener; the call is not counted yet. */
	abstract void listen(Listener<RespT> listener);

	/** Starts the first attempt. */
	abstract void begin();

	/** Whether {@link #send} is to know the size of messages that are not compressed. */
	abstract boolean countsPlainBytes();

	/**
	 * Sends a message.
	 * @param frame prefix and message, as on the wire
	 * @param plainBytes size of the message before compression, in bytes, where known
	 */
	abstract void send(byte[] frame, int plainBytes);

	/** Ends the call from our side, with or without a stream. Any thread. */
	abstract void cancel(Status status);

	/** Ends a call that has no stream. */
	abstract void fail(Status status);

	/** Says for a deadline that has passed where the time went. */
	abstract Status whereItWaits(Status code);

	@Override
	public final void start(Listener<RespT> listener, Metadata headers) {
		Objects.requireNonNull(listener, "listener");
		Objects.requireNonNull(headers, "headers");
		if (isStarted()) {
			throw new IllegalStateException("call already started");
		}
		if (this.cancelled) {
			throw new IllegalStateException("call was cancelled before it was started");
		}
		this.startNanos = this.env.scheduler().nanoTime();
		this.headers = headers;
		listen(listener);
		// Counted before shutdown is looked at: see ConnCore.allCallsEnded.
		this.env.core.started.increment();
		Status refusal = refusal();
		if (refusal == null && this.context != Context.ROOT) {
			// Before the deadline, whose end takes the listener away again.
			this.context.addListener(this, Runnable::run);
		}
		if (refusal == null && this.deadline != null) {
			refusal = this.deadline.watch(this.env.control.loops().deadlines());
		}
		if (refusal != null) {
			fail(refusal);
			return;
		}
		CallDeadline.check(this.deadline, this.env.core, this.method, this);
		begin();
	}

	@Override
	public final void sendMessage(ReqT message) {
		requireStarted("sendMessage");
		int limit = lower(this.callOptions.getMaxOutboundMessageSize(), this.config.maxRequestMessageBytes(),
				this.env.options.maxOutboundMessageSize);
		byte[] frame;
		int plainBytes = -1;
		try {
			InputStream marshalled = this.method.streamRequest(message);
			if (countsPlainBytes() && marshalled instanceof KnownLength) {
				plainBytes = marshalled.available();
			}
			frame = MessageFramer.frame(marshalled, this.compress ? this.compressor : null, limit);
		}
		catch (StatusRuntimeException | IOException ex) {
			cancel(unsent(ex));
			return;
		}
		catch (RuntimeException | Error ex) {
			cancel(Status.CANCELLED.withDescription("failed to marshal the request message").withCause(ex));
			throw ex;
		}
		send(frame, (plainBytes >= 0) ? plainBytes : frame.length - MessageFramer.PREFIX_BYTES);
	}

	@Override
	public final void cancel(@Nullable String message, @Nullable Throwable cause) {
		if (message == null && cause == null) {
			cause = new CancellationException("cancelled without a message or cause");
		}
		this.cancelled = true;
		Status status = (message != null) ? Status.CANCELLED.withDescription(message)
				: Status.CANCELLED.withDescription("call cancelled");
		cancel((cause != null) ? status.withCause(cause) : status);
	}

	@Override
	public final void setMessageCompression(boolean enabled) {
		requireStarted("setMessageCompression");
		this.compress = enabled;
	}

	@Override
	public final void cancelled(Context context) {
		Status status = CallDeadline.cancelledBy(context, this.env.options);
		if (status == null) {
			deadlineExpired();
		}
		else {
			cancel(status);
		}
	}

	@Override
	public final void deadlineExpired() {
		if (this.deadline != null) {
			Status where = whereItWaits(Status.DEADLINE_EXCEEDED);
			cancel(where.withDescription(this.deadline.passed(elapsedNanos(), where.getDescription())));
		}
	}

	@Override
	public final String toString() {
		return this.env.identity.target() + " " + this.method.getFullMethodName();
	}

	@Override
	public final MethodDescriptor<ReqT, RespT> method() {
		return this.method;
	}

	@Override
	public final CallOptions callOptions() {
		return this.callOptions;
	}

	@Override
	public final Metadata headers() {
		return this.headers;
	}

	/** Returns what an attempt sends: the address may add some of its own. */
	final Metadata headersTo(Address address) {
		Map<String, String> ofAddress = address.headers();
		if (ofAddress.isEmpty()) {
			return this.headers;
		}
		Metadata merged = new Metadata();
		merged.merge(this.headers);
		ofAddress.forEach((name, value) -> merged.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
		return merged;
	}

	@Override
	public final boolean waitForReady() {
		if (this.callOptions.isWaitForReady()) {
			return true;
		}
		Boolean ofConfig = this.config.waitForReady();
		return (ofConfig != null) ? ofConfig : this.env.options.waitForReady;
	}

	final long elapsedNanos() {
		return this.env.scheduler().nanoTime() - this.startNanos;
	}

	final Context context() {
		return this.context;
	}

	final Executor executor() {
		Executor own = this.callOptions.getExecutor();
		return (own != null) ? own : this.env.executor;
	}

	final int maxInboundMessageBytes() {
		return lower(this.callOptions.getMaxInboundMessageSize(), this.config.maxResponseMessageBytes(),
				this.env.options.maxInboundMessageSize);
	}

	final boolean isExpired() {
		return this.deadline != null && this.deadline.isExpired();
	}

	/** The call has ended: neither its deadline nor its context ends it any more. */
	final void unwatch() {
		if (this.deadline != null) {
			this.deadline.unwatch();
		}
		if (this.context != Context.ROOT) {
			this.context.removeListener(this);
		}
	}

	final void requireStarted(String what) {
		if (!isStarted()) {
			throw new IllegalStateException(what + " called before start");
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

	/**
	 * CANCELLED with the reason as its cause, as users of grpc-java know it, but for what
	 * is above a limit that the call did not set itself.
	 */
	private Status unsent(Exception reason) {
		Status status = Status.fromThrowable(reason);
		if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
				&& this.callOptions.getMaxOutboundMessageSize() == null) {
			return status;
		}
		return Status.CANCELLED.withDescription("failed to send a message: " + reason.getMessage()).withCause(reason);
	}

	private static int lower(@Nullable Integer ofCall, @Nullable Integer ofConfig, int fallback) {
		int limit = (ofCall != null) ? ofCall : fallback;
		return (ofConfig != null) ? Math.min(limit, ofConfig) : limit;
	}

}
