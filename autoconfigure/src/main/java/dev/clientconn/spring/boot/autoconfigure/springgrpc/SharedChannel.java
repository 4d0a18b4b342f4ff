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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ClientConn;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A view of a connection that belongs to somebody else. Shutting it down makes it refuse
 * calls; the connection, and the calls that have begun, go on. Safe for use from any
 * thread.
 */
final class SharedChannel extends ManagedChannel {

	private final ClientConn clientConn;

	private final Channel calls;

	private volatile boolean shutdown;

	/**
	 * Creates a view.
	 * @param clientConn the connection
	 * @param calls the connection behind the interceptors of this view
	 */
	SharedChannel(ClientConn clientConn, Channel calls) {
		this.clientConn = clientConn;
		this.calls = calls;
	}

	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(MethodDescriptor<ReqT, RespT> method, CallOptions options) {
		return this.shutdown ? new RefusedCall<>(options.getExecutor()) : this.calls.newCall(method, options);
	}

	@Override
	public String authority() {
		return this.calls.authority();
	}

	@Override
	public ManagedChannel shutdown() {
		this.shutdown = true;
		return this;
	}

	@Override
	public ManagedChannel shutdownNow() {
		return shutdown();
	}

	@Override
	public boolean isShutdown() {
		return this.shutdown || this.clientConn.isShutdown();
	}

	/** Nothing of its own is left to end once it refuses calls. */
	@Override
	public boolean isTerminated() {
		return this.shutdown || this.clientConn.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.shutdown || this.clientConn.awaitTermination(timeout, unit);
	}

	@Override
	public ConnectivityState getState(boolean requestConnection) {
		return this.shutdown ? ConnectivityState.SHUTDOWN : this.clientConn.getState(requestConnection);
	}

	@Override
	public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
		this.clientConn.notifyWhenStateChanged(source, callback);
	}

	@Override
	public void resetConnectBackoff() {
		this.clientConn.resetConnectBackoff();
	}

	@Override
	public void enterIdle() {
		this.clientConn.enterIdle();
	}

	@Override
	public String toString() {
		return "SharedChannel[" + this.clientConn + "]";
	}

	/**
	 * A call that ends as soon as it begins.
	 */
	private static final class RefusedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {

		private final @Nullable Executor executor;

		RefusedCall(@Nullable Executor executor) {
			this.executor = executor;
		}

		@Override
		public void start(Listener<RespT> listener, Metadata headers) {
			Status refused = Status.UNAVAILABLE.withDescription("the channel was shut down");
			Runnable end = () -> listener.onClose(refused, new Metadata());
			if (this.executor != null) {
				this.executor.execute(end);
			}
			else {
				end.run();
			}
		}

		@Override
		public void request(int messages) {
		}

		@Override
		public void cancel(@Nullable String message, @Nullable Throwable cause) {
		}

		@Override
		public void halfClose() {
		}

		@Override
		public void sendMessage(ReqT message) {
		}

	}

}
