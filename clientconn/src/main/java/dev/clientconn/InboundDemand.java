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

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * How many messages the application has asked for. What it asks for while a message is
 * delivered to it, which is the rule, costs no more than an addition: the delivering
 * thread keeps it to itself until it has no messages left.
 */
class InboundDemand extends InboundQueue {

	/** Whoever asked for that much, at once or by and by, gets all there is. */
	private static final int UNLIMITED = Integer.MAX_VALUE;

	private static final int MAX_UNSETTLED = 1 << 30;

	private static final AtomicIntegerFieldUpdater<InboundDemand> REQUESTED = AtomicIntegerFieldUpdater
		.newUpdater(InboundDemand.class, "requested");

	/**
	 * Messages that the application asked for and did not get yet, but for what the
	 * delivering thread has not settled.
	 */
	private volatile int requested;

	/**
	 * The thread that delivers. Not volatile: it is compared with the thread that reads
	 * it, and no thread finds itself here but where it has written itself before.
	 */
	private @Nullable Thread deliverer;

	/**
	 * What was asked for less what was delivered since; only in the delivering thread.
	 */
	private int unsettled;

	/**
	 * Adds to the demand; any thread.
	 * @return whether it is up to the caller to have messages delivered that may wait
	 */
	final boolean demand(int count) {
		if (this.deliverer == Thread.currentThread()) {
			long sum = (long) this.unsettled + count;
			if (sum > MAX_UNSETTLED) {
				add(sum);
				sum = 0;
			}
			this.unsettled = (int) sum;
			return false;
		}
		add(count);
		return true;
	}

	/** Tells whether messages are asked for; any thread, see {@link #settle}. */
	final boolean isDemanded() {
		return this.requested > 0;
	}

	/** What other threads see of it; for tests. */
	final int requested() {
		return this.requested;
	}

	// only in the delivering thread from here on

	final void beginDelivery() {
		this.deliverer = Thread.currentThread();
	}

	final void endDelivery() {
		this.deliverer = null;
	}

	/** Returns the next message if it is asked for. */
	final @Nullable InboundMessage next() {
		if ((long) this.requested + this.unsettled <= 0) {
			return null;
		}
		InboundMessage message = poll();
		if (message != null) {
			this.unsettled--;
		}
		return message;
	}

	/**
	 * Shows the demand that is left to other threads. What the event loop pushed before
	 * it could see that demand is for the delivering thread to look for.
	 * @return whether the demand has grown, so that there is something to look for
	 */
	final boolean settle() {
		int change = this.unsettled;
		if (change == 0) {
			return false;
		}
		this.unsettled = 0;
		add(change);
		return change > 0;
	}

	private void add(long count) {
		int before;
		int after;
		do {
			before = this.requested;
			after = (before == UNLIMITED) ? before : (int) Math.min(before + count, UNLIMITED);
		}
		while (!REQUESTED.compareAndSet(this, before, after));
	}

}
