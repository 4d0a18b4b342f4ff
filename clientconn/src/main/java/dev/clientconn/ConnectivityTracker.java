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
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aggregated state of a ClientConn, and who waits for it to change
 * ({@code connectivityStateManager} in later Go). Written in the serial context.
 */
final class ConnectivityTracker {

	private static final Logger logger = LoggerFactory.getLogger(ConnectivityTracker.class);

	private final Executor callbacks;

	// guarded by this: registration races with the change it waits for
	private @Nullable List<Runnable> waiters;

	private volatile ConnectivityState state = ConnectivityState.IDLE;

	private volatile long sinceMillis;

	/** For log lines; written in the serial context. */
	private volatile String target;

	ConnectivityTracker(String target, Executor callbacks, long nowMillis) {
		this.target = target;
		this.callbacks = callbacks;
		this.sinceMillis = nowMillis;
	}

	/** Another target is dialled. */
	void target(String target) {
		this.target = target;
	}

	ConnectivityState state() {
		return this.state;
	}

	long sinceMillis() {
		return this.sinceMillis;
	}

	/** Changes the state and releases the waiters; SHUTDOWN is final (seed-spec K49). */
	void update(ConnectivityState next, long nowMillis) {
		List<Runnable> released;
		ConnectivityState before;
		synchronized (this) {
			before = this.state;
			if (before == next || before == ConnectivityState.SHUTDOWN) {
				return;
			}
			this.state = next;
			this.sinceMillis = nowMillis;
			released = this.waiters;
			this.waiters = null;
		}
		logger.info("{} - {} (was {})", this.target, next, before);
		if (released != null) {
			released.forEach(this::call);
		}
	}

	/** Runs the callback once the state differs from the source; at once if it does. */
	void whenChangedFrom(ConnectivityState source, Runnable callback) {
		synchronized (this) {
			if (this.state == source) {
				if (this.waiters == null) {
					this.waiters = new ArrayList<>(1);
				}
				this.waiters.add(callback);
				return;
			}
		}
		call(callback);
	}

	/**
	 * Forgets a callback that has not been called: a wait that timed out leaves nothing.
	 */
	void forget(Runnable callback) {
		synchronized (this) {
			if (this.waiters != null) {
				this.waiters.remove(callback);
			}
		}
	}

	private void call(Runnable callback) {
		try {
			this.callbacks.execute(callback);
		}
		catch (RejectedExecutionException ex) {
			// The pool was released with the ClientConn: better on this thread than
			// never.
			run(callback);
		}
	}

	private void run(Runnable callback) {
		try {
			callback.run();
		}
		catch (RuntimeException ex) {
			logger.warn("{} - a state change callback failed", this.target, ex);
		}
	}

}
