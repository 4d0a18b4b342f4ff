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

/**
 * Decides whether a call may be sent once more now, by what became of the attempts of
 * other calls. Shared by the calls of a ClientConn. Any thread.
 */
interface ExtraAttempts {

	/** Allows all, where nothing is limited. */
	ExtraAttempts UNLIMITED = new ExtraAttempts() {

		@Override
		public boolean take() {
			return true;
		}

		@Override
		public void succeeded() {
		}

		@Override
		public void failed() {
		}

	};

	/** Returns whether an attempt beyond the first may be sent; if so, it is. */
	boolean take();

	/** What was taken was not sent. */
	default void giveBack() {
	}

	/** A call has ended with OK. */
	void succeeded();

	/**
	 * An attempt has failed in a way that its policy answers with another one, or the
	 * server has asked for no more.
	 */
	void failed();

}
