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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Everything a client sent on one connection, with the part that the test has not taken
 * yet; guarded by its own monitor.
 */
final class FrameLog {

	private final String name;

	private final long startNanos = System.nanoTime();

	private final List<Frame> all = new ArrayList<>();

	private final List<Frame> untaken = new ArrayList<>();

	private boolean preface;

	private String ended;

	FrameLog(String name) {
		this.name = name;
	}

	synchronized void prefaceRead() {
		this.preface = true;
		notifyAll();
	}

	synchronized void add(Frame frame) {
		this.all.add(frame);
		this.untaken.add(frame);
		notifyAll();
	}

	synchronized void end(String how) {
		if (this.ended == null) {
			this.ended = how;
			notifyAll();
		}
	}

	synchronized List<Frame> all() {
		return List.copyOf(this.all);
	}

	synchronized String ended() {
		return this.ended;
	}

	/**
	 * Returns the frame at an index, waiting without limit.
	 * @param index counted from 0 over all frames
	 * @return the frame, or {@code null} if the connection ended before it came
	 */
	synchronized Frame get(int index) throws InterruptedException {
		while (index >= this.all.size() && this.ended == null) {
			wait();
		}
		return (index < this.all.size()) ? this.all.get(index) : null;
	}

	/**
	 * Takes the first untaken frame that matches.
	 * @param timeout how long to wait
	 * @param what what is waited for, for people
	 * @param wanted the frame to take; those before it stay
	 * @param fatal a frame after which {@code wanted} cannot come
	 * @return the frame
	 * @throws AssertionError if it does not come; the message lists all frames
	 */
	synchronized Frame take(Duration timeout, String what, Predicate<Frame> wanted, Predicate<Frame> fatal) {
		Deadline deadline = new Deadline(timeout);
		while (true) {
			for (Iterator<Frame> frames = this.untaken.iterator(); frames.hasNext();) {
				Frame frame = frames.next();
				if (wanted.test(frame)) {
					frames.remove();
					return frame;
				}
				if (fatal.test(frame)) {
					throw failure(what, "got " + frame);
				}
			}
			if (this.ended != null) {
				throw failure(what, "the connection has ended: " + this.ended);
			}
			if (!deadline.await()) {
				throw failure(what, "not within " + timeout.toMillis() + " ms");
			}
		}
	}

	synchronized void awaitNone(Duration window, String what, Predicate<Frame> unwanted) {
		Deadline deadline = new Deadline(window);
		do {
			for (Frame frame : this.untaken) {
				if (unwanted.test(frame)) {
					throw failure("no " + what, "got " + frame);
				}
			}
		}
		while (this.ended == null && deadline.await());
	}

	synchronized void awaitPreface(Duration timeout) {
		Deadline deadline = new Deadline(timeout);
		while (!this.preface) {
			if (this.ended != null) {
				throw failure("the preface", "the connection has ended: " + this.ended);
			}
			if (!deadline.await()) {
				throw failure("the preface", "not within " + timeout.toMillis() + " ms");
			}
		}
	}

	synchronized String awaitEnd(Duration timeout) {
		Deadline deadline = new Deadline(timeout);
		while (this.ended == null) {
			if (!deadline.await()) {
				throw failure("the end of the connection", "not within " + timeout.toMillis() + " ms");
			}
		}
		return this.ended;
	}

	private AssertionError failure(String wanted, String instead) {
		return new AssertionError(this.name + ": expected " + wanted + ", " + instead + describe());
	}

	synchronized String describe() {
		StringBuilder text = new StringBuilder("; frames so far:");
		text.append(this.preface ? " preface" : " no preface");
		for (Frame frame : this.all) {
			long micros = TimeUnit.NANOSECONDS.toMicros(frame.atNanos() - this.startNanos);
			text.append(String.format("%n  %,9d us %s%s", micros, frame, this.untaken.contains(frame) ? "" : " taken"));
		}
		if (this.ended != null) {
			text.append(String.format("%n  %s", this.ended));
		}
		return text.toString();
	}

	/** Bounds a wait on the monitor of the log. */
	private final class Deadline {

		private final long atNanos;

		Deadline(Duration timeout) {
			this.atNanos = System.nanoTime() + timeout.toNanos();
		}

		/** Returns whether there is time left, after waiting for a change. */
		boolean await() {
			long left = this.atNanos - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			try {
				TimeUnit.NANOSECONDS.timedWait(FrameLog.this, left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw failure("anything", "the script was interrupted");
			}
			return true;
		}

	}

}
