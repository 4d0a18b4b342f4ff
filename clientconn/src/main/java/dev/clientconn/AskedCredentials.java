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

import java.util.concurrent.RejectedExecutionException;

import dev.clientconn.transport.ClientTransport;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The credentials that a call waits for between its first pick and its first attempt.
 * Until they have answered they own the attempt: one of the answer, the end of the call
 * and an executor that takes nothing comes first, and it alone goes on or gives the pick
 * back. Only calls that have credentials make one.
 */
final class AskedCredentials {

	// set at creation, never change

	private final CallAttempts attempts;

	private final CallEnv env;

	private final ClientConnCall<?, ?> call;

	private final ClientTransport chosen;

	/** Decides who comes first. */
	private final CredentialsApplier applier;

	/**
	 * Asks nobody yet.
	 * @param chosen the connection of the first attempt, which the credentials are told
	 */
	AskedCredentials(CallAttempts attempts, CallEnv env, ClientConnCall<?, ?> call, ClientTransport chosen) {
		this.attempts = attempts;
		this.env = env;
		this.call = call;
		this.chosen = chosen;
		this.applier = new CredentialsApplier(env, call, chosen.attributes(), this::answered);
	}

	/**
	 * Asks; by the owner of the attempt.
	 * @param waited whether this is not the caller's thread
	 */
	void ask(boolean waited) {
		// Before the end of the call can see them: it takes the call off again.
		this.env.core.awaitingCredentials.add(this.call);
		this.attempts.asks(this);
		Status closing = this.env.core.shutdownNow;
		if (closing != null) {
			this.call.cancel(closing);
		}
		if (this.call.hasEnded()) {
			abandon(Status.CANCELLED);
		}
		else if (waited || this.call.isContinued()) {
			// A call that has waited: user code runs neither on the control plane nor on
			// an event loop.
			try {
				this.call.executor().execute(this.applier::start);
			}
			catch (RejectedExecutionException ex) {
				rejected(ex);
			}
		}
		else {
			this.applier.start();
		}
	}

	/** Whether there is no answer yet; any thread. */
	boolean isWaiting() {
		return this.applier.isWaiting();
	}

	/**
	 * Stops waiting and gives back the pick, which no stream will; whoever ends the call.
	 * @return whether there was no answer yet
	 */
	boolean abandon(Status status) {
		if (!this.applier.abandon()) {
			return false;
		}
		this.env.core.awaitingCredentials.remove(this.call);
		this.attempts.putPick(status);
		return true;
	}

	/** On the thread of the answer. */
	private void answered(@Nullable Status failure) {
		this.env.core.awaitingCredentials.remove(this.call);
		if (failure != null) {
			this.attempts.putPick(failure);
			this.call.cancel(failure);
			return;
		}
		if (!this.applier.isAsking()) {
			this.attempts.credentialsTook(this.attempts.sincePickNanos());
		}
		this.attempts.open(this.chosen);
	}

	/** It runs where others are served: nothing may be thrown there. */
	private void rejected(RejectedExecutionException cause) {
		Status why = Status.CANCELLED.withDescription("the call's executor rejected the task that asks for credentials")
			.withCause(cause);
		if (abandon(why)) {
			this.call.fail(why);
		}
	}

}
