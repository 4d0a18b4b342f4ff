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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.grpc.binarylog.v1.GrpcLogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes entries from any thread without ever blocking it, and writes them in a thread of
 * its own. What does not fit into the queue is dropped and counted.
 */
final class LogWriter implements Runnable, AutoCloseable {

	static final int MAX_ENTRIES = 10_000;

	static final long MAX_BYTES = 16 * 1024 * 1024;

	private static final long CLOSE_MILLIS = 5_000;

	/** Ends the thread. */
	private static final GrpcLogEntry END = GrpcLogEntry.newBuilder().build();

	private static final Logger logger = LoggerFactory.getLogger(LogWriter.class);

	private final BlockingQueue<GrpcLogEntry> queue = new LinkedBlockingQueue<>(MAX_ENTRIES);

	private final AtomicLong queuedBytes = new AtomicLong();

	private final AtomicLong dropped = new AtomicLong();

	private final String name;

	private final LogOutput output;

	private final Thread thread;

	private volatile boolean closed;

	/** Only in the writing thread. */
	private boolean failed;

	private LogWriter(String name, LogOutput output) {
		this.name = name;
		this.output = output;
		this.thread = new Thread(this, "clientconn-binary-log");
		this.thread.setDaemon(true);
	}

	static LogWriter started(String name, LogOutput output) {
		LogWriter writer = new LogWriter(name, output);
		writer.thread.start();
		return writer;
	}

	/** Has an entry written soon; any thread. */
	void write(GrpcLogEntry entry) {
		if (this.closed) {
			return;
		}
		int bytes = entry.getSerializedSize();
		long before = this.queuedBytes.getAndAdd(bytes);
		// One entry may be larger than all that may wait.
		boolean fits = before == 0 || before + bytes <= MAX_BYTES;
		if (!fits || !this.queue.offer(entry)) {
			this.queuedBytes.addAndGet(-bytes);
			if (this.dropped.getAndIncrement() == 0) {
				logger.warn("binary log, {}: cannot keep up with the calls, entries are dropped "
						+ "(their number is told at the end)", this.name);
			}
		}
	}

	/** How many entries were dropped. */
	long dropped() {
		return this.dropped.get();
	}

	@Override
	public void run() {
		try {
			for (GrpcLogEntry entry = next(); entry != END; entry = next()) {
				this.queuedBytes.addAndGet(-entry.getSerializedSize());
				attempt((output, each) -> output.write(each), entry);
			}
			attempt((output, each) -> output.close(), END);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Writes what waits, within a bound. */
	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			boolean ends = this.queue.offer(END, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
			this.thread.join(CLOSE_MILLIS);
			if (!ends || this.thread.isAlive()) {
				logger.warn("binary log, {}: its last entries could not be written within {} ms", this.name,
						CLOSE_MILLIS);
				this.thread.interrupt();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (this.dropped.get() > 0) {
			logger.warn("binary log, {}: {} entries were dropped", this.name, this.dropped);
		}
	}

	private GrpcLogEntry next() throws InterruptedException {
		GrpcLogEntry entry = this.queue.poll();
		if (entry == null) {
			attempt((output, each) -> output.flush(), END);
			entry = this.queue.take();
		}
		return entry;
	}

	/** After a failure, half an entry may have been written: nothing may follow it. */
	private void attempt(Action action, GrpcLogEntry entry) {
		if (this.failed) {
			return;
		}
		try {
			action.run(this.output, entry);
		}
		catch (IOException | RuntimeException ex) {
			this.failed = true;
			logger.error("binary log, {}: cannot be written any more and is given up", this.name, ex);
		}
	}

	/**
	 * What is done with the output.
	 */
	private interface Action {

		void run(LogOutput output, GrpcLogEntry entry) throws IOException;

	}

}
