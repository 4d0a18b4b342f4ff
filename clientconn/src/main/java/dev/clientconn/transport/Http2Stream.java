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

import io.grpc.Attributes;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One stream. Calls put bytes and wishes into it from their threads and push it on the
 * connection's {@link StreamQueue}; the event loop does the rest. The bytes form a queue
 * with one writer and one reader, whose first element needs no node: most calls send one
 * message.
 */
final class Http2Stream implements ClientStream {

	private static final VarHandle FIRST;

	private static final VarHandle QUEUED;

	private static final VarHandle WAITING_BYTES;

	private static final VarHandle CREDIT;

	private static final VarHandle CANCELLED;

	static {
		try {
			MethodHandles.Lookup lookup = MethodHandles.lookup();
			FIRST = lookup.findVarHandle(Http2Stream.class, "first", byte[].class);
			QUEUED = lookup.findVarHandle(Http2Stream.class, "queued", boolean.class);
			WAITING_BYTES = lookup.findVarHandle(Http2Stream.class, "waitingBytes", int.class);
			CREDIT = lookup.findVarHandle(Http2Stream.class, "credit", int.class);
			CANCELLED = lookup.findVarHandle(Http2Stream.class, "cancelled", Status.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	// set when made, never changes

	final StreamHead head;

	final StreamListener listener;

	private final Http2ClientTransport transport;

	// written by the thread that writes, read by the event loop

	@SuppressWarnings("UnusedVariable") // read through FIRST
	private byte @Nullable [] first;

	private volatile @Nullable Chunk chunks;

	private volatile boolean halfClosed;

	/** Only the writing thread. */
	private boolean wroteFirst;

	/** Only the writing thread. */
	private @Nullable Chunk lastChunk;

	// written by any thread

	@SuppressWarnings("UnusedVariable") // written through QUEUED
	private volatile boolean queued;

	private volatile int waitingBytes;

	@SuppressWarnings("UnusedVariable") // written through CREDIT
	private volatile int credit;

	private volatile @Nullable Status cancelled;

	// written by the event loop, read by any thread

	private volatile boolean headersWritten;

	/**
	 * When it began to wait behind the peer's limit, and once its headers are written how
	 * long that took, in units of 2^20 ns, about a millisecond; 0 if it did not wait.
	 * Seen late by others, who only tell it.
	 */
	private int queuedMillis;

	private volatile boolean ended;

	// only on the event loop

	/** Link in the {@link StreamQueue}; belongs to whoever holds the stream there. */
	@Nullable Http2Stream nextQueued;

	/** Link in the ring of streams that have bytes to send. */
	@Nullable Http2Stream nextSending;

	/** Link in the list of streams that had an event in this socket read. */
	@Nullable Http2Stream nextTouched;

	/** Zero until opened (RFC 9113 section 5.1.1). */
	int id;

	/** May be negative (RFC 9113 section 6.9.2). */
	int sendWindow;

	int receiveWindow;

	boolean waiting;

	boolean sending;

	boolean touched;

	boolean endStreamSent;

	/** Whether the final response headers have arrived. */
	boolean responded;

	/** What has arrived of a response that is not gRPC's. */
	@Nullable ForeignResponse foreign;

	private boolean wasReady;

	private boolean tookFirst;

	private @Nullable Chunk lastTaken;

	private byte @Nullable [] current;

	private int offset;

	Http2Stream(Http2ClientTransport transport, StreamHead head, StreamListener listener) {
		this.transport = transport;
		this.head = head;
		this.listener = listener;
	}

	@Override
	public void write(byte[] bytes) {
		if (this.ended || bytes.length == 0) {
			return;
		}
		WAITING_BYTES.getAndAdd(this, bytes.length);
		if (!this.wroteFirst) {
			this.wroteFirst = true;
			FIRST.setRelease(this, bytes);
			return;
		}
		Chunk chunk = new Chunk(bytes);
		Chunk last = this.lastChunk;
		this.lastChunk = chunk;
		if (last == null) {
			this.chunks = chunk;
		}
		else {
			last.next = chunk;
		}
	}

	@Override
	public void halfClose() {
		this.halfClosed = true;
	}

	@Override
	public void flush() {
		enqueue();
	}

	@Override
	public void cancel(Status reason) {
		if (!this.ended && CANCELLED.compareAndSet(this, null, reason)) {
			enqueue();
		}
	}

	@Override
	public void consumed(int bytes) {
		if (this.ended) {
			return;
		}
		int due = (int) CREDIT.getAndAdd(this, bytes) + bytes;
		if (due >= this.transport.creditThreshold()) {
			enqueue();
		}
	}

	@Override
	public boolean isReady() {
		return this.headersWritten && !this.ended && this.waitingBytes < this.head.onReadyThreshold();
	}

	@Override
	public Attributes attributes() {
		return this.transport.attributes();
	}

	@Override
	public EventExecutor eventLoop() {
		return this.transport.loop();
	}

	@Override
	public StreamProgress progress() {
		boolean sent = this.headersWritten;
		int millis = this.queuedMillis;
		if (millis != 0 && !sent) {
			millis = Math.max(1, millis(this.transport.scheduler().nanoTime()) - millis);
		}
		return new StreamProgress(sent, (long) millis << 20, this.transport.snapshot().maxConcurrentStreams());
	}

	void enqueue() {
		if (QUEUED.compareAndSet(this, false, true)) {
			this.transport.submit(this);
		}
	}

	// only on the event loop from here on

	/**
	 * To be called when taken from the queue, before looking at what it is queued for.
	 */
	void dequeued() {
		QUEUED.setVolatile(this, false);
	}

	@Nullable Status cancelled() {
		return this.cancelled;
	}

	boolean hasEnded() {
		return this.ended;
	}

	/** To be asked before {@link #hasBytes}: after {@code true} no bytes are added. */
	boolean isHalfClosed() {
		return this.halfClosed;
	}

	/** Returns the bytes that the call has used, if the peer is to be told. */
	int takeCredit(int threshold) {
		return ((int) CREDIT.getOpaque(this) >= threshold) ? (int) CREDIT.getAndSet(this, 0) : 0;
	}

	/** The peer takes no more streams now. */
	void limited() {
		int now = millis(this.transport.scheduler().nanoTime());
		this.queuedMillis = (now != 0) ? now : 1;
	}

	void opened(int streamId, int peerWindow, int ownWindow) {
		this.id = streamId;
		this.sendWindow = peerWindow;
		this.receiveWindow = ownWindow;
		if (this.queuedMillis != 0) {
			this.queuedMillis = Math.max(1, millis(this.transport.scheduler().nanoTime()) - this.queuedMillis);
		}
		this.headersWritten = true;
	}

	void end() {
		this.ended = true;
		this.current = null;
		this.tookFirst = true;
		FIRST.setOpaque(this, null);
		this.lastTaken = null;
		this.foreign = null;
	}

	/** Tells the listener when {@link #isReady} has turned true. */
	void checkReady() {
		boolean ready = isReady();
		if (ready && !this.wasReady) {
			// Before the call, which may write and so turn it false again.
			this.wasReady = true;
			StreamEvents.ready(this);
		}
		else {
			this.wasReady = ready;
		}
	}

	boolean hasBytes() {
		if (this.current != null) {
			return true;
		}
		this.offset = 0;
		if (!this.tookFirst) {
			byte[] bytes = (byte[]) FIRST.getAcquire(this);
			if (bytes == null) {
				return false;
			}
			this.tookFirst = true;
			FIRST.setOpaque(this, null);
			this.current = bytes;
			return true;
		}
		Chunk taken = this.lastTaken;
		Chunk chunk = (taken != null) ? taken.next : this.chunks;
		if (chunk == null) {
			return false;
		}
		if (taken == null) {
			this.chunks = null;
		}
		this.lastTaken = chunk;
		this.current = chunk.bytes;
		chunk.bytes = Chunk.NONE;
		return true;
	}

	/** Moves bytes into a buffer. */
	int take(ByteBuf out, int max) {
		int taken = 0;
		while (taken < max && hasBytes()) {
			byte[] bytes = this.current;
			if (bytes == null) {
				break;
			}
			int n = Math.min(bytes.length - this.offset, max - taken);
			out.writeBytes(bytes, this.offset, n);
			this.offset += n;
			taken += n;
			if (this.offset == bytes.length) {
				this.current = null;
			}
		}
		if (taken > 0) {
			int left = (int) WAITING_BYTES.getAndAdd(this, -taken) - taken;
			this.wasReady &= left + taken < this.head.onReadyThreshold();
		}
		return taken;
	}

	@Override
	public String toString() {
		return this.head.method().getFullMethodName() + "#" + this.id;
	}

	/** Wraps around, as only differences mean anything. */
	private static int millis(long nanos) {
		return (int) (nanos >> 20);
	}

	/**
	 * Bytes after the first ones.
	 */
	private static final class Chunk {

		private static final byte[] NONE = {};

		private byte[] bytes;

		private volatile @Nullable Chunk next;

		Chunk(byte[] bytes) {
			this.bytes = bytes;
		}

	}

}
