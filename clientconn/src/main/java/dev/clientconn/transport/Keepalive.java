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

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.time.Scheduler;
import dev.clientconn.time.Scheduler.Timer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the peer of one connection has died without a word. Any byte is a sign of
 * life, not only the answer to the PING, which may stand behind a lot of data.
 * <p>
 * There is one timer at most. Reads only note the time; the timer finds out when it fires
 * how much of the silence is left. Without calls it is not set again: the connection
 * sleeps until a call comes. Only on the event loop, but for {@link #time} and
 * {@link #sent}.
 */
final class Keepalive {

	/** Payload of our PINGs, other than that of {@link InboundFlow#PING_DATA}. */
	static final long PING_DATA = 0x434c4e54_4b414c56L;

	/**
	 * Share of the time that is added at random, so that connections made together do not
	 * ask together. Never taken off: servers count what comes early.
	 */
	private static final double JITTER = 0.15;

	private static final Logger logger = LoggerFactory.getLogger(Keepalive.class);

	private final KeepalivePolicy policy;

	private final KeepaliveParams params;

	private final Http2ClientTransport transport;

	private final Http2Connection connection;

	private final Scheduler scheduler;

	/** Written by the event loop, read by any thread. */
	private volatile long sent;

	/** {@code null} before the start and after the end. */
	private @Nullable Link link;

	/** {@code null} while asleep. */
	private @Nullable Timer timer;

	private long silence;

	private long lastRead;

	private long askedAt;

	private boolean asked;

	Keepalive(KeepalivePolicy policy, Http2ClientTransport transport, Http2Connection connection, Scheduler scheduler) {
		this.policy = policy;
		this.params = policy.current();
		this.transport = transport;
		this.connection = connection;
		this.scheduler = scheduler;
	}

	// any thread

	Duration time() {
		return this.params.time();
	}

	long sent() {
		return this.sent;
	}

	// only on the event loop from here on

	/**
	 * Lets the kernel, where it can, give up on data that stays unacknowledged for as
	 * long as a PING may. After connecting, because it would shorten that too.
	 */
	void tune(Channel channel, IoTransport io) {
		ChannelOption<Integer> option = io.tcpUserTimeout();
		if (option == null) {
			return;
		}
		try {
			channel.config().setOption(option, Math.toIntExact(this.params.timeout().toMillis()));
		}
		catch (ChannelException ex) {
			// The channel has just been closed, of which we are about to hear.
			logger.debug("{} - TCP_USER_TIMEOUT not set", this.transport, ex);
		}
	}

	/** Starts to watch a connection that is ready. */
	void start(Streams streams, FrameWriter writer) {
		this.link = new Link(streams, writer);
		streams.watchedBy(this);
		this.lastRead = this.scheduler.nanoTime();
		this.silence = nextSilence();
		arm(this.silence);
	}

	void stop() {
		this.link = null;
		disarm();
	}

	void bytesRead() {
		this.lastRead = this.scheduler.nanoTime();
		if (this.asked && this.link != null) {
			this.asked = false;
			this.silence = nextSilence();
			arm(this.silence);
		}
	}

	/** A stream is about to be opened: after a long sleep the peer may be gone. */
	void streamComes() {
		if (this.timer == null) {
			check();
		}
	}

	/** The server has closed the connection with too_many_pings. */
	void tooManyPings() {
		this.policy.tooManyPings(this.transport, this.params.time());
	}

	private void check() {
		Link at = this.link;
		if (at == null) {
			return;
		}
		disarm();
		long now = this.scheduler.nanoTime();
		// Not the timer but the clock decides: a cancelled timer may still have fired.
		long left = this.asked ? this.askedAt + this.params.timeout().toNanos() - now
				: this.lastRead + this.silence - now;
		if (left > 0) {
			arm(left);
		}
		else if (this.asked) {
			this.transport.disconnecting(DisconnectReason.CONNECTION_TIMED_OUT);
			this.connection.lost("keepalive: no answer to PING within " + text(this.params.timeout()), null);
		}
		else if (this.params.withoutCalls() || at.hasCalls()) {
			at.writer.ping(PING_DATA, false);
			long earlier = this.sent;
			this.sent = earlier + 1;
			this.asked = true;
			this.askedAt = now;
			arm(this.params.timeout().toNanos());
		}
	}

	private void arm(long nanos) {
		disarm();
		this.timer = this.scheduler.schedule(() -> this.transport.execute(() -> this.connection.turn(this::check)),
				Duration.ofNanos(nanos));
	}

	private void disarm() {
		Timer pending = this.timer;
		this.timer = null;
		if (pending != null) {
			pending.cancel();
		}
	}

	private long nextSilence() {
		return (long) (this.params.time().toNanos() * (1 + JITTER * ThreadLocalRandom.current().nextDouble()));
	}

	private static String text(Duration duration) {
		return (duration.toMillisPart() == 0) ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
	}

	/**
	 * A connection that is ready.
	 *
	 * @param streams its streams
	 * @param writer takes the PINGs
	 */
	private record Link(Streams streams, FrameWriter writer) {

		boolean hasCalls() {
			return this.streams.openCount() + this.streams.waitingCount() > 0;
		}

	}

}
