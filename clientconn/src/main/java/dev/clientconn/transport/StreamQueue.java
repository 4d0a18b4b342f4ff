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

package dev.clientconn.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Streams that have work for the event loop. Any thread pushes, the event loop takes all.
 * The streams are the nodes, so nothing is allocated.
 */
final class StreamQueue {

	private static final VarHandle HEAD;

	static {
		try {
			HEAD = MethodHandles.lookup().findVarHandle(StreamQueue.class, "head", Http2Stream.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@SuppressWarnings("UnusedVariable") // written through HEAD
	private volatile @Nullable Http2Stream head;

	/**
	 * Adds a stream that is not in the queue.
	 * @return whether the queue was empty, so that somebody has to wake the event loop
	 */
	boolean push(Http2Stream stream) {
		while (true) {
			Http2Stream first = this.head;
			stream.nextQueued = first;
			if (HEAD.compareAndSet(this, first, stream)) {
				return first == null;
			}
		}
	}

	/**
	 * Takes all streams, linked by {@link Http2Stream#nextQueued} in the order of the
	 * pushes.
	 */
	@Nullable Http2Stream takeAll() {
		if (this.head == null) {
			return null;
		}
		Http2Stream stream = (Http2Stream) HEAD.getAndSet(this, null);
		Http2Stream first = null;
		while (stream != null) {
			Http2Stream next = stream.nextQueued;
			stream.nextQueued = first;
			first = stream;
			stream = next;
		}
		return first;
	}

	boolean isEmpty() {
		return this.head == null;
	}

}
