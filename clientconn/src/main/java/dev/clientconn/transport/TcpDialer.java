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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Connects directly. A host name is looked up at each attempt, and its addresses are
 * tried in turn.
 */
final class TcpDialer implements Dialer {

	static final TcpDialer INSTANCE = new TcpDialer();

	/**
	 * Blocking look-ups at a time; a name server that hangs must not hold up everybody.
	 */
	private static final int LOOKUP_THREADS = 16;

	private TcpDialer() {
	}

	/** For dialers that change what is dialled, and leave the rest to this one. */
	@Override
	public Future<Channel> dial(Request request) {
		Bootstrap bootstrap = request.bootstrap();
		return dial(request.address(), bootstrap.config().group().next(),
				(remote, timeoutMillis) -> bootstrap.clone()
					.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
					.connect(remote),
				request.timeout());
	}

	/** The same, for nobody else. */
	Future<Channel> dial(Address address, Sockets sockets, Duration timeout) {
		return dial(address, sockets.loop(), sockets::connect, timeout);
	}

	private static Future<Channel> dial(Address address, EventLoop loop, Opener opener, Duration timeout) {
		Attempt attempt = new Attempt(opener, loop, System.nanoTime() + timeout.toNanos());
		if (address.isUnix()) {
			attempt.start(new SocketAddress[] { IoTransport.of(loop).unixAddress(address.host()) });
			return attempt.result;
		}
		String host = address.host();
		int port = address.port();
		byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
		if (literal != null) {
			attempt.start(new SocketAddress[] { address(host, literal, port) });
		}
		else {
			lookUp(host, loop, attempt.result, (found) -> attempt.start(addresses(found, port)));
		}
		return attempt.result;
	}

	/**
	 * Looks a name up without blocking.
	 * @param result is failed if the name is unknown
	 * @param then hears of the addresses, on the event loop
	 */
	static void lookUp(String host, EventLoop loop, Promise<Channel> result, Consumer<InetAddress[]> then) {
		LookUps.EXECUTOR.execute(() -> {
			InetAddress[] found;
			try {
				found = InetAddress.getAllByName(host);
			}
			catch (UnknownHostException | SecurityException ex) {
				result.tryFailure(ex);
				return;
			}
			try {
				loop.execute(() -> then.accept(found));
			}
			catch (RejectedExecutionException ex) {
				result.tryFailure(ex);
			}
		});
	}

	static InetSocketAddress address(String host, byte[] literal, int port) {
		try {
			return new InetSocketAddress(InetAddress.getByAddress(literal), port);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException("address: " + host, ex);
		}
	}

	private static SocketAddress[] addresses(InetAddress[] found, int port) {
		SocketAddress[] addresses = new SocketAddress[found.length];
		for (int i = 0; i < found.length; i++) {
			addresses[i] = new InetSocketAddress(found[i], port);
		}
		return addresses;
	}

	/**
	 * Opens one socket.
	 */
	@FunctionalInterface
	private interface Opener {

		/**
		 * Connects; on the event loop.
		 * @param timeoutMillis 0 for no bound
		 * @throws RuntimeException if there is no socket to be had
		 */
		ChannelFuture connect(SocketAddress remote, int timeoutMillis);

	}

	/**
	 * One dial: all addresses of a host, one after the other. Only on the event loop, but
	 * that anyone may cancel the result.
	 */
	private static final class Attempt {

		private final Opener opener;

		private final long deadline;

		private final Promise<Channel> result;

		private SocketAddress[] addresses = {};

		private int next;

		private @Nullable ChannelFuture connect;

		Attempt(Opener opener, EventLoop loop, long deadline) {
			this.opener = opener;
			this.deadline = deadline;
			this.result = loop.newPromise();
		}

		void start(SocketAddress[] all) {
			this.addresses = all;
			tryNext();
			// Who gives up does not wait for the socket.
			this.result.addListener((done) -> {
				if (!done.isSuccess() && this.connect != null) {
					this.connect.cancel(false);
				}
			});
		}

		private void tryNext() {
			if (this.result.isDone()) {
				return;
			}
			SocketAddress address = this.addresses[this.next++];
			ChannelFuture future;
			try {
				future = this.opener.connect(address, timeoutMillis());
			}
			catch (RuntimeException ex) {
				// No socket for this one is none for the others.
				this.result.tryFailure(ex);
				return;
			}
			this.connect = future;
			future.addListener((ChannelFutureListener) this::connected);
		}

		/**
		 * What is left is shared out, so that one black hole does not use up everything.
		 * The last one is bounded by whoever dials.
		 */
		private int timeoutMillis() {
			int others = this.addresses.length - this.next;
			if (others == 0) {
				return 0;
			}
			long left = Math.max(0, this.deadline - System.nanoTime()) / (others + 1);
			return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
		}

		private void connected(ChannelFuture done) {
			if (done.isSuccess()) {
				if (!this.result.trySuccess(done.channel())) {
					done.channel().close();
				}
			}
			else if (this.next < this.addresses.length) {
				tryNext();
			}
			else {
				this.result.tryFailure(done.cause());
			}
		}

	}

	/**
	 * Made when a host name is first dialled; idle threads end.
	 */
	private static final class LookUps {

		private static final ExecutorService EXECUTOR = newExecutor();

		private static ExecutorService newExecutor() {
			ThreadPoolExecutor executor = new ThreadPoolExecutor(LOOKUP_THREADS, LOOKUP_THREADS, 1, TimeUnit.SECONDS,
					new LinkedBlockingQueue<>(), new DaemonThreads("lookup"));
			executor.allowCoreThreadTimeOut(true);
			return executor;
		}

	}

}
