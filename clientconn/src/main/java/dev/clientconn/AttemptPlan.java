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

import io.grpc.Metadata;
import io.grpc.Status;

/**
 * When one call is sent again; its state is that of the call. Guarded by the lock of
 * {@link RetriableAttempts}, which tells it of every attempt until the call is committed.
 */
interface AttemptPlan {

	/** No need to look after an attempt. */
	long NEVER = -1;

	/**
	 * An attempt has a stream.
	 * @return nanoseconds after which {@link #overdue} is to be asked if there is no
	 * answer; {@link #NEVER} for not at all
	 */
	long overdueNanos();

	/**
	 * There is no answer in time.
	 * @return what is to be done
	 */
	Next overdue();

	/** What {@link #overdue} asked for was not sent, because it found no address. */
	default void unsent() {
	}

	/** The response of an attempt has begun: the call is committed to it. */
	default void answered() {
	}

	/**
	 * An attempt has ended, and the call is not committed to it.
	 * @return what is to be done
	 */
	Next ended(Status status, Metadata trailers);

	/** The call has ended with what it was committed to. */
	void callEnded(Status status, Metadata trailers);

	/**
	 * What is to be done.
	 *
	 * @param kind what
	 * @param delayNanos nanoseconds after which another attempt begins, where one does
	 */
	record Next(Kind kind, long delayNanos) {

		/** The end of the attempt is the end of the call. */
		static final Next END = new Next(Kind.END, 0);

		/** Attempts that run go on; no other begins. */
		static final Next GO_ON = new Next(Kind.GO_ON, 0);

		/** Attempts that run go on; {@link #overdue} is to be asked again. */
		static final Next LATER = new Next(Kind.LATER, 0);

		/** Another attempt, besides those that run. */
		static Next attempt(long delayNanos) {
			return new Next(Kind.ATTEMPT, delayNanos);
		}

		/** Another attempt, in place of those that run. */
		static Next replace(long delayNanos) {
			return new Next(Kind.REPLACE, delayNanos);
		}

	}

	/**
	 * Kinds of {@link Next}.
	 */
	enum Kind {

		END, GO_ON, LATER, ATTEMPT, REPLACE

	}

}
