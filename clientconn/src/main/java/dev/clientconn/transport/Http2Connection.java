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

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.clientconn.time.Scheduler;
import dev.clientconn.time.Scheduler.Timer;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.logging.LogLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection, from the dial to the end; owned by its event loop. It works in
 * turns: a turn is a socket read or a wake-up by calls, and ends with one flush.
 */
final class Http2Connection implements Runnable {

	private static final String FRAME_LOGGER = "dev.clientconn.http2";

	private static final Logger logger = LoggerFactory.getLogger(Http2Connection.class);

	private final Http2ClientTransport transport;

	private final Scheduler scheduler;

	private final int maxInboundMetadataSize;

	/** {@code null} once it has done its work. */
	private @Nullable Connector connector;

	private final OutboundFlow outbound = new OutboundFlow();

	private final InboundFlow inbound;

	private final Streams streams;

	private final StreamWork work;

	private final ConnectionEnd end;

	private final @Nullable Keepalive keepalive;

	private ConnectionState state = ConnectionState.CONNECTING;

	private boolean inTurn;

	private @Nullable Channel channel;

	private @Nullable FrameDecoder decoder;

	private @Nullable FrameWriter writer;

	private @Nullable Timer timer;

	private boolean toldGoingAway;

	Http2Connection(Http2ClientTransport transport, TransportOptions options, SharedHeaders headers,
			@Nullable KeepalivePolicy policy) {
		this.transport = transport;
		this.scheduler = options.eventLoops().scheduler();
		this.maxInboundMetadataSize = options.limits().maxInboundMetadataSize();
		this.inbound = new InboundFlow(options.limits().flowControlWindow());
		this.streams = new Streams(options, headers, this.outbound, this.inbound);
		this.work = new StreamWork(this.streams, this.outbound, this.inbound);
		this.end = new ConnectionEnd(transport, this.scheduler);
		this.keepalive = (policy != null) ? new Keepalive(policy, transport, this, this.scheduler) : null;
		this.connector = new Connector(options, transport.address(), transport.loop(),
				(failure) -> turn(() -> lost(failure.what(), failure.cause())));
	}

	// any thread

	boolean isAccepting() {
		return this.work.refusal() == null;
	}

	/** Takes no new streams; what follows from it is up to the event loop. */
	void refuse(Status reason) {
		this.work.refuse(reason);
	}

	int creditThreshold() {
		return this.inbound.creditThreshold();
	}

	@Nullable Keepalive keepalive() {
		return this.keepalive;
	}

	/**
	 * Gives a stream that has work to the event loop, and wakes it if nobody else has.
	 */
	void submit(Http2Stream stream) {
		if (this.work.push(stream) && !(this.transport.loop().inEventLoop() && this.inTurn)) {
			this.transport.execute(this);
		}
	}

	// only on the event loop from here on

	void start(Duration timeout) {
		Connector connecting = this.connector;
		if (this.state != ConnectionState.CONNECTING || connecting == null) {
			return;
		}
		this.timer = this.scheduler.schedule(() -> this.transport.execute(() -> turn(() -> timedOut(timeout))),
				timeout);
		FrameDecoder handler = new FrameDecoder(this, this.maxInboundMetadataSize);
		this.decoder = handler;
		connecting.connect(timeout, handler, this::opened, () -> turn(() -> speak(handler)));
	}

	/** Serves the calls that have woken the event loop. */
	@Override
	public void run() {
		beginTurn();
		endTurn();
	}

	/** Runs an event and what follows from it, and flushes once. */
	void turn(Runnable event) {
		if (this.inTurn) {
			event.run();
			return;
		}
		this.inTurn = true;
		try {
			event.run();
		}
		finally {
			endTurn();
		}
	}

	private void beginTurn() {
		this.inTurn = true;
	}

	/** Begins a turn with bytes of the server. */
	void bytesRead() {
		beginTurn();
		if (this.keepalive != null) {
			this.keepalive.bytesRead();
		}
	}

	/**
	 * Ends a socket read. What calls want to send then waits until the loop has read from
	 * its other sockets: the replies there start calls here as well, and all go out with
	 * one system call.
	 */
	void endRead() {
		beginTurn();
		this.work.deliverReadComplete();
		if (this.work.isEmpty()) {
			endTurn();
		}
		else {
			this.inTurn = false;
			this.transport.execute(this);
		}
	}

	private void endTurn() {
		try {
			this.work.deliverReadComplete();
			serve();
		}
		catch (Http2Exception ex) {
			connectionError(ex);
		}
		catch (RuntimeException ex) {
			logger.warn("{} - internal error", this.transport, ex);
			lost("internal error", ex);
		}
		Status refusal = this.work.refusal();
		if (this.state == ConnectionState.READY && refusal != null && this.streams.openCount() == 0) {
			shutDown(refusal, Http2Error.NO_ERROR, "", this.end.cause(refusal));
		}
		publish();
		if (this.writer != null) {
			this.writer.flush();
		}
		this.inTurn = false;
		if (!this.work.isEmpty()) {
			this.transport.execute(this);
		}
	}

	boolean isClosing() {
		return this.state.compareTo(ConnectionState.CLOSING) >= 0;
	}

	/** Makes the connection ready when the server's first SETTINGS are in force. */
	void settingsArrived() {
		if (this.state == ConnectionState.PREFACE && this.channel != null && this.writer != null) {
			this.state = ConnectionState.READY;
			this.connector = null;
			publish();
			cancelTimers();
			if (this.keepalive != null) {
				this.keepalive.start(this.streams, this.writer);
			}
			this.transport.ready(this.channel);
		}
	}

	void goAway(GoAway received) throws Http2Exception {
		if (isClosing()) {
			return;
		}
		Status status = this.end.announced(received);
		goingAway(status);
		this.streams.endAbove(received.lastStreamId(), status);
	}

	void drain(Status reason) {
		if (this.state.compareTo(ConnectionState.READY) < 0) {
			shutDown(reason, Http2Error.NO_ERROR, "", reason);
		}
		else if (this.state == ConnectionState.READY) {
			refuse(reason);
			this.streams.endWaiting(reason);
		}
	}

	void close(Status reason) {
		shutDown(reason, Http2Error.NO_ERROR, "", reason);
	}

	/** The channel takes data again. */
	void writable() {
		this.transport.execute(this);
	}

	void exceptionCaught(Throwable cause) {
		this.end.failed(cause);
		if (this.channel != null) {
			this.channel.close();
		}
	}

	void connectionError(Http2Exception ex) {
		String message = String.valueOf(ex.getMessage());
		logger.debug("{} - connection error: {}", this.transport, message);
		Status status = Causes.unavailable(this.transport.address(), message, null).withCause(ex);
		shutDown(status, ex.error(), message, status);
	}

	/** Ends the connection for a reason that is not the server's fault against HTTP/2. */
	void lost(@Nullable String what, @Nullable Throwable cause) {
		this.transport.disconnecting(Causes.disconnectReason(cause));
		Status status = Causes.unavailable(this.transport.address(), what, cause);
		shutDown(status, Http2Error.NO_ERROR, "", status);
	}

	private void opened(Channel opened) {
		this.channel = opened;
		this.transport.opened(opened);
		opened.closeFuture().addListener((ChannelFutureListener) (future) -> turn(this::channelClosed));
	}

	/** Sends our preface (RFC 9113 section 3.4); the server need not be heard before. */
	private void speak(FrameDecoder handler) {
		if (isClosing()) {
			return;
		}
		this.state = ConnectionState.PREFACE;
		ChannelHandlerContext ctx = handler.ctx();
		boolean log = LoggerFactory.getLogger(FRAME_LOGGER).isDebugEnabled();
		Http2FrameLogger frameLogger = log ? new Http2FrameLogger(LogLevel.DEBUG, FRAME_LOGGER) : null;
		FrameWriter out = new FrameWriter(ctx, frameLogger);
		this.writer = out;
		out.preface(new Http2Settings().pushEnabled(false)
			.initialWindowSize(this.inbound.window())
			.maxHeaderListSize(this.maxInboundMetadataSize));
		this.inbound.openConnection(out);
		Responses responses = new Responses(this.streams, this.work, out, this.maxInboundMetadataSize);
		handler.start(new FrameReceiver(this, this.streams, responses, this.inbound, this.outbound, out), frameLogger);
	}

	private void timedOut(Duration timeout) {
		Connector connecting = this.connector;
		if (this.state.compareTo(ConnectionState.READY) < 0 && connecting != null) {
			lost("no " + connecting.awaited() + " within " + timeout.toMillis() + " ms", null);
		}
	}

	private void serve() throws Http2Exception {
		FrameWriter out = this.writer;
		if (this.state != ConnectionState.READY || out == null) {
			this.work.serveQueued(null);
			return;
		}
		this.work.serve(out);
		if (this.streams.isAboveLimit() && this.transport.areStreamsReserved()) {
			// First, so that none of them is reserved here again.
			publish();
			this.streams.endAboveLimit(Causes.unavailable(this.transport.address(),
					"the limit of the server, " + this.streams.maxConcurrent() + " streams, is reached", null));
		}
		if (isAccepting() && this.streams.idsUsedUp()) {
			goingAway(
					Causes.unavailable(this.transport.address(), "the stream ids of the connection are used up", null));
		}
		out.requireReader();
	}

	private void publish() {
		this.transport.publish(this.streams, this.inbound.window());
	}

	/**
	 * Takes no new streams because of the server; the owner hears of it before the
	 * streams.
	 */
	private void goingAway(Status status) {
		boolean first = !this.toldGoingAway;
		this.toldGoingAway = true;
		if (first) {
			this.transport.goingAway(status);
		}
		refuse(status);
		this.streams.endWaiting(status);
	}

	/** Ends all streams, says GOAWAY and closes, whether or not the server reads. */
	private void shutDown(Status streamStatus, Http2Error error, String debugData, Status cause) {
		if (isClosing()) {
			return;
		}
		boolean spoke = this.state != ConnectionState.CONNECTING;
		this.state = ConnectionState.CLOSING;
		this.end.causedBy(cause);
		refuse(streamStatus);
		cancelTimers();
		abandonConnect();
		this.streams.endAll(streamStatus);
		Channel open = this.channel;
		if (open == null) {
			closed();
			return;
		}
		if (spoke && this.writer != null) {
			this.writer.goAwayAndClose(error.code(), debugData.getBytes(StandardCharsets.UTF_8));
		}
		else {
			open.close();
		}
		if (this.state != ConnectionState.CLOSED) {
			this.end.bound(open);
		}
	}

	private void channelClosed() {
		if (!isClosing()) {
			Status status = this.end.unexpected(this.state);
			this.state = ConnectionState.CLOSING;
			refuse(status);
			abandonConnect();
			this.streams.endAll(status);
		}
		closed();
	}

	private void closed() {
		if (this.state == ConnectionState.CLOSED) {
			return;
		}
		this.state = ConnectionState.CLOSED;
		cancelTimers();
		this.end.over();
		if (this.writer != null) {
			this.writer.close();
		}
		if (this.decoder != null) {
			this.decoder.close();
		}
		this.work.serveQueued(null);
		this.transport.closed(this.end.cause(Status.UNAVAILABLE));
		// The end of the read that this may have happened in is no longer heard of.
		this.transport.execute(this);
	}

	private void abandonConnect() {
		if (this.connector != null) {
			this.connector.abandon();
		}
	}

	private void cancelTimers() {
		Timer pending = this.timer;
		this.timer = null;
		if (pending != null) {
			pending.cancel();
		}
		if (this.keepalive != null) {
			this.keepalive.stop();
		}
	}

}
