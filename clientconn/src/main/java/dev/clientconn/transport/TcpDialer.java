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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

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

	@Override
	public Future<Channel> dial(Request request) {
		Bootstrap bootstrap = request.bootstrap();
		EventLoop loop = bootstrap.config().group().next();
		Attempt attempt = new Attempt(bootstrap, loop, System.nanoTime() + request.timeout().toNanos());
		if (request.address().isUnix()) {
			attempt.start(new SocketAddress[] { IoTransport.of(loop).unixAddress(request.address().host()) });
			return attempt.result;
		}
		String host = request.address().host();
		int port = request.address().port();
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
	 * One dial: all addresses of a host.
	 */
	private static final class Attempt {

		private final Bootstrap bootstrap;

		private final long deadline;

		private final Promise<Channel> result;

		Attempt(Bootstrap bootstrap, EventLoop loop, long deadline) {
			this.bootstrap = bootstrap;
			this.deadline = deadline;
			this.result = loop.newPromise();
		}

		void start(SocketAddress[] addresses) {
			tryFrom(addresses, 0);
		}

		private void tryFrom(SocketAddress[] addresses, int index) {
			if (this.result.isDone()) {
				return;
			}
			// What is left is shared out, so that one black hole does not use up
			// everything.
			long left = Math.max(0, this.deadline - System.nanoTime()) / (addresses.length - index);
			long millis = Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
			Bootstrap one = (addresses.length == 1) ? this.bootstrap : this.bootstrap.clone();
			if (index < addresses.length - 1) {
				one.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) millis);
			}
			else {
				one.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
			}
			ChannelFuture connect = one.connect(addresses[index]);
			this.result.addListener((done) -> {
				if (!done.isSuccess()) {
					connect.cancel(false);
				}
			});
			connect.addListener((ChannelFutureListener) (done) -> {
				if (done.isSuccess()) {
					if (!this.result.trySuccess(done.channel())) {
						done.channel().close();
					}
				}
				else if (index + 1 < addresses.length) {
					tryFrom(addresses, index + 1);
				}
				else {
					this.result.tryFailure(done.cause());
				}
			});
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
