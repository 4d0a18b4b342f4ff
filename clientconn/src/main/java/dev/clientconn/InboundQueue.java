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

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * Hands messages from the event loop to the thread that delivers them, in order and
 * without locks: the event loop pushes on a stack, the consumer takes the whole stack and
 * turns it round.
 */
class InboundQueue {

	private static final AtomicReferenceFieldUpdater<InboundQueue, @Nullable InboundMessage> TOP = AtomicReferenceFieldUpdater
		.newUpdater(InboundQueue.class, InboundMessage.class, "top");

	private volatile @Nullable InboundMessage top;

	/** Only touched by the consumer. */
	private @Nullable InboundMessage taken;

	/** Adds a message; the event loop. */
	final void push(InboundMessage message) {
		InboundMessage before;
		do {
			before = this.top;
			message.next = before;
		}
		while (!TOP.compareAndSet(this, before, message));
	}

	/** Removes the oldest message, if there is one; the consumer. */
	final @Nullable InboundMessage poll() {
		if (this.taken == null) {
			this.taken = oldestFirst(TOP.getAndSet(this, null));
		}
		InboundMessage message = this.taken;
		if (message != null) {
			this.taken = message.next;
			message.next = null;
		}
		return message;
	}

	/** Tells whether {@link #poll} would return a message; the consumer. */
	final boolean hasNext() {
		return this.taken != null || this.top != null;
	}

	/** Tells whether messages wait that the consumer has not seen; any thread. */
	final boolean hasArrivals() {
		return this.top != null;
	}

	private static @Nullable InboundMessage oldestFirst(@Nullable InboundMessage newest) {
		InboundMessage reversed = null;
		InboundMessage rest = newest;
		while (rest != null) {
			InboundMessage following = rest.next;
			rest.next = reversed;
			reversed = rest;
			rest = following;
		}
		return reversed;
	}

}
