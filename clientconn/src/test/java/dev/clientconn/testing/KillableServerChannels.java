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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Makes server channels that remember what they accepted, so that it can be reset.
 */
final class KillableServerChannels implements ChannelFactory<NioServerSocketChannel> {

	/** The threads of all echo servers; they live as long as the JVM. */
	static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(2,
			new DefaultThreadFactory("echo-server", true), NioIoHandler.newFactory());

	private final List<Channel> listeners = new CopyOnWriteArrayList<>();

	private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();

	private volatile Duration age;

	@Override
	public NioServerSocketChannel newChannel() {
		NioServerSocketChannel listener = new Listener();
		this.listeners.add(listener);
		return listener;
	}

	private void add(SocketChannel connection) {
		this.connections.add(connection);
		Duration age = this.age;
		if (age != null) {
			LOOPS.schedule(() -> connection.close(), age.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	int accepted() {
		return this.connections.size();
	}

	int open() {
		return (int) this.connections.stream().filter(Channel::isOpen).count();
	}

	void closeListeners() {
		this.listeners.forEach((listener) -> listener.close().awaitUninterruptibly(5_000));
	}

	/**
	 * Has each connection accepted from now on end gracefully at an age.
	 */
	void goAwayAfter(Duration age) {
		this.age = age;
	}

	/**
	 * Ends each open connection gracefully: its HTTP/2 handler turns a close into GOAWAY.
	 */
	void goAway() {
		this.connections.forEach(Channel::close);
	}

	void resetConnections() {
		this.connections.stream()
			.filter(Channel::isOpen)
			.map((connection) -> connection.eventLoop().submit(() -> reset(connection)))
			.toList()
			.forEach((done) -> done.awaitUninterruptibly(5_000));
	}

	private static void reset(SocketChannel connection) {
		if (connection.isOpen()) {
			connection.config().setSoLinger(0);
			// Past the pipeline, whose HTTP/2 handler would turn a close into GOAWAY.
			connection.unsafe().close(connection.newPromise());
		}
	}

	/** A listener that writes down its connections. */
	private final class Listener extends NioServerSocketChannel {

		@Override
		protected int doReadMessages(List<Object> accepted) throws Exception {
			int count = super.doReadMessages(accepted);
			for (Object connection : accepted.subList(accepted.size() - count, accepted.size())) {
				add((SocketChannel) connection);
			}
			return count;
		}

	}

}
