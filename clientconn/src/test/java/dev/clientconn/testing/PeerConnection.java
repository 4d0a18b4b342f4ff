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

package dev.clientconn.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * The socket of a {@link Peer} and its threads.
 */
final class PeerConnection {

	private final int index;

	private final long acceptedAtNanos = System.nanoTime();

	private final Socket socket;

	private final BiConsumer<String, Throwable> failures;

	private final FrameLog log;

	private final FrameReader reader;

	private final FrameWriter writer;

	private final ReentrantLock pauseLock = new ReentrantLock();

	private final Condition resumed = this.pauseLock.newCondition();

	private boolean paused;

	PeerConnection(int index, Socket socket, BiConsumer<String, Throwable> failures) throws IOException {
		this.index = index;
		this.socket = socket;
		this.failures = failures;
		this.log = new FrameLog(name());
		socket.setTcpNoDelay(true);
		this.reader = new FrameReader(new BufferedInputStream(socket.getInputStream()));
		this.writer = new FrameWriter(socket.getOutputStream());
	}

	String name() {
		return "connection " + this.index + " from port " + this.socket.getPort();
	}

	int index() {
		return this.index;
	}

	long acceptedAtNanos() {
		return this.acceptedAtNanos;
	}

	FrameLog log() {
		return this.log;
	}

	FrameWriter writer() {
		return this.writer;
	}

	/**
	 * Runs a task on a thread of its own; if it fails the connection is dropped.
	 */
	void start(String role, PeerTask task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (UncheckedIOException ex) {
				// The client has gone: for the test to judge, not for its server.
				reset("a write of its " + role + " failed: " + ex.getMessage());
			}
			catch (Throwable ex) {
				this.failures.accept(role + " of " + name(), ex);
				reset("dropped because its " + role + " failed: " + ex);
			}
		}, "scripted-http2-" + role + "-" + this.socket.getLocalPort() + "-" + this.index);
		thread.setDaemon(true);
		thread.start();
	}

	void read() {
		try {
			this.reader.readPreface();
			this.log.prefaceRead();
			while (true) {
				awaitResumed();
				Frame frame = this.reader.readFrame();
				if (frame.type() == FrameType.SETTINGS && !frame.ack()) {
					this.writer.apply(frame.settings());
				}
				this.log.add(frame);
			}
		}
		catch (EOFException ex) {
			this.log.end("EOF");
			closeSocket();
		}
		catch (IOException ex) {
			this.log.end(ex.toString());
			closeSocket();
		}
		catch (InterruptedException ex) {
			this.log.end("interrupted");
		}
	}

	void pauseReading(boolean pause) {
		this.pauseLock.lock();
		try {
			this.paused = pause;
			this.resumed.signalAll();
		}
		finally {
			this.pauseLock.unlock();
		}
	}

	private void awaitResumed() throws InterruptedException {
		this.pauseLock.lock();
		try {
			while (this.paused) {
				this.resumed.await();
			}
		}
		finally {
			this.pauseLock.unlock();
		}
	}

	void shutdownOutput() {
		try {
			this.socket.shutdownOutput();
		}
		catch (IOException ex) {
			// The client was faster.
		}
	}

	void reset(String why) {
		this.log.end(why);
		try {
			this.socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// The client was faster.
		}
		closeSocket();
		pauseReading(false);
	}

	private void closeSocket() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// Closed is closed.
		}
	}

}
