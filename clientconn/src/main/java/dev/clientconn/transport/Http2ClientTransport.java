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

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import javax.net.ssl.SSLSession;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.time.Scheduler;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rest of the engine holds of an {@link Http2Connection}: takes wishes from any
 * thread to its event loop, and events from there to the {@link TransportListener}.
 */
final class Http2ClientTransport implements ClientTransport {

	private static final Logger logger = LoggerFactory.getLogger(Http2ClientTransport.class);

	// set at connect, never changes

	private final TransportOptions options;

	private final Address address;

	private final EventLoop loop;

	private final TransportListener listener;

	private final Http2Connection connection;

	// written by the event loop, read by any thread

	private volatile @Nullable SSLSession session;

	/** Whether it is, or was, so far that it could take streams. */
	private volatile boolean ready;

	/** Made for the first who asks, alike whoever that is. */
	private volatile @Nullable Attributes attributes;

	private volatile @Nullable SocketAddress localAddress;

	private volatile @Nullable SocketAddress remoteAddress;

	private volatile String security;

	private volatile DisconnectReason disconnectReason = DisconnectReason.UNKNOWN;

	private volatile int activeStreams;

	private volatile int queuedStreams;

	private volatile int unreservedStreams;

	private volatile long streamsStarted;

	private volatile long maxConcurrentStreams = Long.MAX_VALUE;

	private volatile int receiveWindow;

	// written by the owner, read by the event loop

	private volatile boolean streamsReserved;

	Http2ClientTransport(TransportOptions options, SharedHeaders headers, @Nullable KeepalivePolicy keepalive,
			Address address, TransportListener listener) {
		this.options = options;
		this.address = address;
		this.loop = options.eventLoops().next();
		this.listener = listener;
		this.security = options.credentials().isSecure() ? "tls" : "plaintext";
		this.connection = new Http2Connection(this, options, headers, keepalive);
		this.receiveWindow = options.limits().flowControlWindow();
	}

	void connect(Duration timeout) {
		execute(() -> this.connection.start(timeout));
	}

	@Override
	public ClientStream newStream(StreamHead head, StreamListener streamListener) {
		Http2Stream stream = new Http2Stream(this, head, streamListener);
		if (!this.connection.isAccepting()) {
			// Ends it, on the event loop.
			stream.enqueue();
		}
		return stream;
	}

	@Override
	public long reservableStreams() {
		if (!this.connection.isAccepting()) {
			return 0;
		}
		long limit = this.maxConcurrentStreams;
		return (limit == Long.MAX_VALUE) ? limit : Math.max(0, limit - this.unreservedStreams);
	}

	@Override
	public void streamsReserved(boolean reserved) {
		if (this.streamsReserved != reserved) {
			this.streamsReserved = reserved;
			if (reserved) {
				// Streams may wait in line already.
				execute(this.connection);
			}
		}
	}

	@Override
	public boolean isAccepting() {
		return this.connection.isAccepting();
	}

	@Override
	public void drain(Status reason) {
		this.connection.refuse(reason);
		execute(() -> this.connection.turn(() -> this.connection.drain(reason)));
	}

	@Override
	public void close(Status reason) {
		this.connection.refuse(reason);
		execute(() -> this.connection.turn(() -> this.connection.close(reason)));
	}

	@Override
	public Attributes attributes() {
		if (!this.ready) {
			return Attributes.EMPTY;
		}
		Attributes known = this.attributes;
		if (known == null) {
			known = newAttributes();
			this.attributes = known;
		}
		return known;
	}

	private Attributes newAttributes() {
		Attributes.Builder builder = Attributes.newBuilder()
			.set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, this.localAddress)
			.set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, this.remoteAddress);
		SSLSession negotiated = this.session;
		if (negotiated != null) {
			builder.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, negotiated);
		}
		return builder.build();
	}

	@Override
	public DisconnectReason disconnectReason() {
		return this.disconnectReason;
	}

	@Override
	public TransportSnapshot snapshot() {
		Keepalive keepalive = this.connection.keepalive();
		return new TransportSnapshot(text(this.localAddress), text(this.remoteAddress), this.security,
				this.activeStreams, this.queuedStreams, this.maxConcurrentStreams, this.streamsStarted,
				this.receiveWindow, (keepalive != null) ? keepalive.time() : null,
				(keepalive != null) ? keepalive.sent() : 0);
	}

	@Override
	public String toString() {
		return this.options.target() + " [" + this.address + "]";
	}

	Address address() {
		return this.address;
	}

	EventLoop loop() {
		return this.loop;
	}

	int creditThreshold() {
		return this.connection.creditThreshold();
	}

	Scheduler scheduler() {
		return this.options.eventLoops().scheduler();
	}

	void submit(Http2Stream stream) {
		this.connection.submit(stream);
	}

	/** Runs a task on the event loop. */
	void execute(Runnable task) {
		try {
			this.loop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// The user's event loop group has been shut down, and the socket with it.
			// What is
			// left to do is to tell; nobody else is on the event loop any more.
			synchronized (this.connection) {
				task.run();
			}
		}
	}

	// only on the event loop from here on

	void opened(Channel channel) {
		this.localAddress = channel.localAddress();
		this.remoteAddress = channel.remoteAddress();
		Keepalive keepalive = this.connection.keepalive();
		if (keepalive != null && !this.address.isUnix()) {
			keepalive.tune(channel, this.options.eventLoops().transport());
		}
	}

	void ready(Channel channel) {
		SslHandler tls = channel.pipeline().get(SslHandler.class);
		if (tls != null) {
			SSLSession negotiated = tls.engine().getSession();
			this.session = negotiated;
			this.security = negotiated.getProtocol() + " " + negotiated.getCipherSuite();
		}
		this.ready = true;
		logger.debug("{} - ready: {}, {} -> {}", this, this.security, this.localAddress, this.remoteAddress);
		this.listener.transportReady(this);
	}

	/** Says why the connection is about to end; before the event itself. */
	void disconnecting(DisconnectReason reason) {
		if (this.disconnectReason == DisconnectReason.UNKNOWN) {
			this.disconnectReason = reason;
		}
	}

	/** The server has said GOAWAY; before what follows from it. */
	void received(GoAway goAway) {
		disconnecting(goAway.disconnectReason());
		Keepalive keepalive = this.connection.keepalive();
		if (keepalive != null && goAway.isTooManyPings()) {
			keepalive.tooManyPings();
		}
	}

	void goingAway(Status reason) {
		logger.debug("{} - going away: {}", this, reason.getDescription());
		this.listener.transportGoingAway(this, reason);
	}

	void closed(Status cause) {
		logger.debug("{} - closed: {}", this, cause.getDescription());
		this.listener.transportClosed(this, cause);
	}

	boolean areStreamsReserved() {
		return this.streamsReserved;
	}

	/** Shows the counts of a turn to snapshots, and to those who reserve streams. */
	void publish(Streams streams, int window) {
		this.activeStreams = streams.openCount();
		this.queuedStreams = streams.waitingCount();
		this.streamsStarted = streams.startedCount();
		this.receiveWindow = window;
		long limit = streams.maxConcurrent();
		int unreserved = streams.unreservedCount();
		boolean changed = limit != this.maxConcurrentStreams || unreserved != this.unreservedStreams;
		this.maxConcurrentStreams = limit;
		this.unreservedStreams = unreserved;
		if (changed && this.streamsReserved) {
			this.listener.transportLimitChanged(this);
		}
	}

	private static @Nullable String text(@Nullable SocketAddress address) {
		if (address instanceof InetSocketAddress inet) {
			return NetUtil.toSocketAddressString(inet);
		}
		return (address != null) ? address.toString() : null;
	}

}
