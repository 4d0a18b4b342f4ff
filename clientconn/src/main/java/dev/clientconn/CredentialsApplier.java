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
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Asks a call's credentials for headers, one after another: those of the ClientConn
 * first, then the call's own. Only calls that have credentials make one.
 */
final class CredentialsApplier extends CallCredentials.RequestInfo {

	private final CallEnv env;

	private final ClientConnCall<?, ?> call;

	private final Attributes transportAttributes;

	private final Metadata collected = new Metadata();

	private final Consumer<@Nullable Status> done;

	private final AtomicBoolean finished = new AtomicBoolean();

	/** Written by the thread that asks; another one may see it late. */
	private boolean asking;

	CredentialsApplier(CallEnv env, ClientConnCall<?, ?> call, Attributes transportAttributes,
			Consumer<@Nullable Status> done) {
		this.env = env;
		this.call = call;
		this.transportAttributes = transportAttributes;
		this.done = done;
	}

	static boolean hasWork(CallEnv env, CallOptions options) {
		return options.getCredentials() != null || !env.credentials.isEmpty();
	}

	/** Asks the credentials. */
	void start() {
		this.asking = true;
		applyFrom(0);
		this.asking = false;
	}

	/** Whether the credentials are being asked now, so that no time has passed yet. */
	boolean isAsking() {
		return this.asking;
	}

	/** Whether there is no answer yet. */
	boolean isWaiting() {
		return !this.finished.get();
	}

	/**
	 * Stops waiting, because the call has ended.
	 * @return whether it was waiting; then there is no answer any more
	 */
	boolean abandon() {
		return this.finished.compareAndSet(false, true);
	}

	@Override
	public MethodDescriptor<?, ?> getMethodDescriptor() {
		return this.call.method();
	}

	@Override
	public CallOptions getCallOptions() {
		return this.call.callOptions();
	}

	@Override
	public SecurityLevel getSecurityLevel() {
		return this.env.identity.secure() ? SecurityLevel.PRIVACY_AND_INTEGRITY : SecurityLevel.NONE;
	}

	@Override
	public String getAuthority() {
		String own = this.call.callOptions().getAuthority();
		return (own != null) ? own : this.env.identity.authority();
	}

	@Override
	public Attributes getTransportAttrs() {
		return this.transportAttributes;
	}

	private void applyFrom(int index) {
		CallCredentials credentials = credentials(index);
		if (credentials == null) {
			finish(null);
			return;
		}
		Executor executor = this.call.executor();
		try {
			credentials.applyRequestMetadata(this, executor, new Applier(index));
		}
		catch (Throwable ex) {
			finish(Status.UNAUTHENTICATED.withDescription("the call's credentials failed: " + ex).withCause(ex));
		}
	}

	private void finish(@Nullable Status failure) {
		if (this.finished.compareAndSet(false, true)) {
			if (failure == null) {
				this.call.headers().merge(this.collected);
			}
			this.done.accept(failure);
		}
	}

	private @Nullable CallCredentials credentials(int index) {
		List<CallCredentials> ofConn = this.env.credentials;
		if (index < ofConn.size()) {
			return ofConn.get(index);
		}
		return (index == ofConn.size()) ? this.call.callOptions().getCredentials() : null;
	}

	/**
	 * Takes one answer; a second one is ignored.
	 */
	private final class Applier extends CallCredentials.MetadataApplier {

		private final int index;

		private final AtomicBoolean answered = new AtomicBoolean();

		Applier(int index) {
			this.index = index;
		}

		@Override
		public void apply(Metadata headers) {
			if (this.answered.compareAndSet(false, true)) {
				CredentialsApplier.this.collected.merge(headers);
				applyFrom(this.index + 1);
			}
		}

		@Override
		public void fail(Status status) {
			if (this.answered.compareAndSet(false, true)) {
				finish(status);
			}
		}

	}

}
