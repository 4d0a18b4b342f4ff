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
 * without locks: the event loop collects those of one socket read, and pushes them on a
 * stack in one piece; the consumer takes the whole stack and turns it round. Each side
 * has its own count, so that neither has to add to the other's.
 */
class InboundQueue {

	private static final AtomicReferenceFieldUpdater<InboundQueue, @Nullable InboundMessage> TOP = AtomicReferenceFieldUpdater
		.newUpdater(InboundQueue.class, InboundMessage.class, "top");

	private volatile @Nullable InboundMessage top;

	/** Messages that have ever been pushed, modulo 2^32; written by the event loop. */
	private volatile int pushed;

	/** Messages that are done with, modulo 2^32; written by the consumer. */
	private volatile int done;

	/** Only touched by the event loop: what is not pushed yet, newest first. */
	private @Nullable InboundMessage collected;

	/** Only touched by the consumer. */
	private @Nullable InboundMessage taken;

	/** Adds a message, which the consumer sees after {@link #push}; the event loop. */
	final void collect(InboundMessage message) {
		message.next = this.collected;
		this.collected = message;
	}

	/** Lets the consumer see what has been collected; the event loop. */
	final void push() {
		InboundMessage newest = this.collected;
		if (newest == null) {
			return;
		}
		this.collected = null;
		InboundMessage oldest = newest;
		int count = 1;
		while (oldest.next != null) {
			oldest = oldest.next;
			count++;
		}
		// Before they can be taken: there are never more done than pushed.
		int pushedBefore = this.pushed;
		this.pushed = pushedBefore + count;
		InboundMessage before;
		do {
			before = this.top;
			oldest.next = before;
		}
		while (!TOP.compareAndSet(this, before, newest));
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

	/** Notes that so many messages do not wait any more; the consumer. */
	final void done(int count) {
		int doneBefore = this.done;
		this.done = doneBefore + count;
	}

	/** Tells whether {@link #poll} would return a message; the consumer. */
	final boolean hasNext() {
		return this.taken != null || this.top != null;
	}

	/** Tells whether messages wait that have been pushed; any thread. */
	final boolean isWaiting() {
		return this.pushed != this.done;
	}

	/** Tells whether messages wait, pushed or only collected; the event loop. */
	final boolean isWaitingOrCollected() {
		return this.collected != null || isWaiting();
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
