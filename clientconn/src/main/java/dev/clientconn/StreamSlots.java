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
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that an address has for its calls while it may have several connections
 * (gRFC A105): a call reserves one on the oldest connection with room, or waits, first
 * come first served, until a stream ends, a limit rises or a connection is ready. Any
 * thread, but for what says otherwise.
 * <p>
 * Nobody is forgotten, because each side writes before it reads: a call queues and then
 * looks for room, and who makes room looks for a call after it.
 */
final class StreamSlots {

	private static final Logger logger = LoggerFactory.getLogger(StreamSlots.class);

	/** How full the other connections may be for the newest to be in surplus. */
	private static final double SURPLUS_BELOW = 0.7;

	private final Runnable onShortage;

	private final ConcurrentSkipListMap<Long, CallAttempts> line = new ConcurrentSkipListMap<>();

	private final AtomicLong tickets = new AtomicLong();

	/** Who comes first serves for those who come meanwhile, so it never nests. */
	private final AtomicInteger serving = new AtomicInteger();

	private final AtomicBoolean shortageTold = new AtomicBoolean();

	// written in the serial context, read by any thread

	/** Oldest first. */
	private volatile List<Connection> connections = List.of();

	private volatile double minHeadroom;

	/** Whether another connection can be made now. */
	private volatile boolean growing;

	private volatile boolean closed;

	/** Also written by calls: whether the newest connection has been in surplus. */
	private volatile boolean calm;

	/**
	 * Creates it without connections.
	 * @param onShortage runs when there are too few streams and another connection can be
	 * made; not again before {@link #isShort}
	 */
	StreamSlots(Runnable onShortage) {
		this.onShortage = onShortage;
	}

	List<Connection> connections() {
		return this.connections;
	}

	int waiting() {
		return this.line.size();
	}

	/** What a call waits for, in words. */
	String describe() {
		List<Connection> all = this.connections;
		return all.size() + ((all.size() == 1) ? " connection" : " connections") + " with " + Room.of(all).used()
				+ " streams, no more are allowed";
	}

	/** Returns a connection with a stream reserved, or {@code null} to wait. */
	@Nullable Connection acquire() {
		// Not past those who wait.
		Connection free = this.line.isEmpty() ? reserve() : null;
		if (free != null && (this.growing || this.calm)) {
			look();
		}
		return free;
	}

	/** Returns a place in the line, which is to be kept before it is taken. */
	Place place() {
		return new Place(this, this.tickets.incrementAndGet());
	}

	/** Waits: the call is told, at once if something has changed meanwhile. */
	void await(Place place, CallAttempts call) {
		this.line.put(place.ticket, call);
		if (this.closed) {
			evict();
			return;
		}
		serve();
		if (this.growing && !this.line.isEmpty()) {
			tellShortage();
		}
	}

	/** Gives streams that are free to the calls that wait. */
	void serve() {
		if (this.line.isEmpty() || this.serving.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			serveAll();
			seen = this.serving.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private void serveAll() {
		while (!this.line.isEmpty()) {
			Connection free = reserve();
			if (free == null) {
				return;
			}
			Map.Entry<Long, CallAttempts> first = this.line.pollFirstEntry();
			if (first != null) {
				give(first.getValue(), free);
			}
			else {
				free.unreserve();
			}
		}
	}

	/** What fails in one call, such as a tracer, must not stop the line. */
	private static void give(CallAttempts call, Connection free) {
		try {
			call.streamReserved(free);
		}
		catch (RuntimeException ex) {
			logger.warn("a call that waited for a stream failed to start", ex);
		}
	}

	private @Nullable Connection reserve() {
		for (Connection connection : this.connections) {
			if (connection.reserve()) {
				return connection;
			}
		}
		return null;
	}

	/** Sees what the last reservation has left. */
	private void look() {
		Room room = Room.of(this.connections);
		if (this.growing && room.freeShare() < this.minHeadroom) {
			tellShortage();
		}
		if (this.calm && room.isNewestNeeded()) {
			this.calm = false;
		}
	}

	private void tellShortage() {
		if (this.shortageTold.compareAndSet(false, true)) {
			this.onShortage.run();
		}
	}

	private void evict() {
		for (var first = this.line.pollFirstEntry(); first != null; first = this.line.pollFirstEntry()) {
			first.getValue().evicted();
		}
	}

	// only in the serial context from here on

	void connections(List<Connection> readyOnes, double headroom) {
		this.minHeadroom = headroom;
		this.connections = List.copyOf(readyOnes);
		this.calm = true;
		serve();
	}

	/**
	 * Says whether another connection can be made.
	 * @return whether it is needed
	 */
	boolean isShort(boolean canGrow) {
		this.growing = canGrow;
		this.shortageTold.set(false);
		return canGrow && (!this.line.isEmpty() || Room.of(this.connections).freeShare() < this.minHeadroom);
	}

	/** Whether the others would have done without the newest one since the last time. */
	boolean wasCalm() {
		boolean was = this.calm;
		this.calm = true;
		return was && !Room.of(this.connections).isNewestNeeded();
	}

	/**
	 * Has the calls that wait pick again, and those that come late. The state of the
	 * address must no longer lead here.
	 */
	void close() {
		this.closed = true;
		evict();
	}

	/**
	 * A place in the line.
	 *
	 * @param slots whose line
	 * @param ticket the number of the place
	 */
	record Place(StreamSlots slots, long ticket) {

		/** Returns whether the call was waiting. */
		boolean leave() {
			return this.slots.line.remove(this.ticket) != null;
		}

		boolean isTaken() {
			return this.slots.line.containsKey(this.ticket);
		}

	}

	/**
	 * How many streams the connections have.
	 *
	 * @param used reserved
	 * @param all that may be; {@code Long.MAX_VALUE} for any number
	 * @param others the same without the newest connection
	 */
	private record Room(long used, long all, long others) {

		static Room of(List<Connection> connections) {
			long used = 0;
			long all = 0;
			long others = 0;
			for (Connection connection : connections) {
				used += connection.reserved();
				others = all;
				long limit = connection.transport().reservableStreams();
				all = (all == Long.MAX_VALUE || limit == Long.MAX_VALUE) ? Long.MAX_VALUE : all + limit;
			}
			return new Room(used, all, others);
		}

		double freeShare() {
			return (this.all == Long.MAX_VALUE) ? 1 : (this.all - this.used) / (double) Math.max(1, this.all);
		}

		boolean isNewestNeeded() {
			return this.others != Long.MAX_VALUE && this.used >= SURPLUS_BELOW * this.others;
		}

	}

}
