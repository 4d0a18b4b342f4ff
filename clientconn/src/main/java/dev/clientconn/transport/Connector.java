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
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import org.jspecify.annotations.Nullable;

/**
 * Makes the channel of a connection: dials, and shakes hands for TLS. Only on the event
 * loop.
 */
final class Connector {

	private final TransportOptions options;

	private final Address address;

	private final EventLoop loop;

	private final Consumer<Failure> failed;

	private @Nullable Future<Channel> dial;

	private String awaited = "connection";

	private boolean abandoned;

	/**
	 * Creates a connector.
	 * @param failed hears that the attempt has failed
	 */
	Connector(TransportOptions options, Address address, EventLoop loop, Consumer<Failure> failed) {
		this.options = options;
		this.address = address;
		this.loop = loop;
		this.failed = failed;
	}

	/**
	 * Starts to connect.
	 * @param handler is put at the end of the pipeline
	 * @param opened hears of the channel as soon as it exists
	 * @param secured hears that bytes can be written
	 */
	void connect(Duration timeout, ChannelHandler handler, Consumer<Channel> opened, Runnable secured) {
		Future<Channel> future;
		try {
			future = dial(timeout);
		}
		catch (RuntimeException | LinkageError ex) {
			fail(null, ex);
			return;
		}
		this.dial = future;
		whenDone(future, (done) -> {
			Channel channel = done.isSuccess() ? done.getNow() : null;
			if (this.abandoned) {
				close(channel);
			}
			else if (channel == null) {
				fail(null, done.cause());
			}
			else if (channel.eventLoop() != this.loop) {
				close(channel);
				fail("the dialer returned a channel of another event loop", null);
			}
			else {
				opened.accept(channel);
				secure(channel, handler, secured);
			}
		});
	}

	/** Returns what has not happened yet, for the text of a time-out. */
	String awaited() {
		return this.awaited;
	}

	/** Gives the attempt up; a channel that comes later is closed (seed-spec K45). */
	void abandon() {
		this.abandoned = true;
		if (this.dial != null) {
			this.dial.cancel(false);
		}
	}

	private Future<Channel> dial(Duration timeout) {
		Sockets sockets = new Sockets(this.loop, this.options.eventLoops().transport(), this.address.isUnix());
		Dialer dialer = this.options.dialer();
		return (dialer instanceof TcpDialer ours) ? ours.dial(this.address, sockets, timeout)
				: dialer.dial(new Dialer.Request(this.address, sockets.bootstrap(), timeout));
	}

	private void secure(Channel channel, ChannelHandler handler, Runnable secured) {
		SslHandler tls = null;
		if (this.options.credentials().isSecure()) {
			try {
				tls = this.options.credentials().newHandler(channel.alloc(), this.options.authority());
			}
			catch (RuntimeException | LinkageError ex) {
				fail("no TLS context", ex);
				return;
			}
			this.awaited = "TLS handshake";
			channel.pipeline().addLast(tls);
		}
		channel.pipeline().addLast(handler);
		InboundGate gate = channel.pipeline().get(InboundGate.class);
		if (tls == null) {
			this.awaited = "SETTINGS";
			secured.run();
		}
		else {
			SslHandler handshake = tls;
			whenDone(handshake.handshakeFuture(), (done) -> {
				if (this.abandoned) {
					return;
				}
				if (!done.isSuccess()) {
					fail("TLS handshake failed", done.cause());
				}
				else if (!ApplicationProtocolNames.HTTP_2.equals(handshake.applicationProtocol())) {
					fail("the server did not choose HTTP/2 in the TLS handshake (ALPN: "
							+ handshake.applicationProtocol() + ")", null);
				}
				else {
					this.awaited = "SETTINGS";
					secured.run();
				}
			});
		}
		if (gate != null) {
			gate.open(channel.pipeline().context(gate));
		}
	}

	private void fail(@Nullable String what, @Nullable Throwable cause) {
		if (!this.abandoned) {
			this.abandoned = true;
			this.failed.accept(new Failure(what, cause));
		}
	}

	private <T> void whenDone(Future<T> future, Consumer<Future<T>> action) {
		future.addListener((GenericFutureListener<Future<T>>) (done) -> {
			if (this.loop.inEventLoop()) {
				action.accept(done);
			}
			else {
				this.loop.execute(() -> action.accept(done));
			}
		});
	}

	private static void close(@Nullable Channel channel) {
		if (channel != null) {
			channel.close();
		}
	}

	/**
	 * Why an attempt has failed.
	 *
	 * @param what the step, {@code null} if the cause says it
	 * @param cause the exception, if there is one
	 */
	record Failure(@Nullable String what, @Nullable Throwable cause) {
	}

}
