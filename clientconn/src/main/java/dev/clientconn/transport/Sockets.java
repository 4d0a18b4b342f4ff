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

import java.net.SocketAddress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;

/**
 * Opens sockets with the options that connections want, each with an {@link InboundGate}
 * at the end of its pipeline.
 */
final class Sockets {

	/**
	 * A few buffers of the frame writer, so that bulk data leaves with few system calls.
	 */
	private static final WriteBufferWaterMark UNSENT_BYTES = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

	private final EventLoop loop;

	private final IoTransport transport;

	private final boolean unix;

	Sockets(EventLoop loop, IoTransport transport, boolean unix) {
		this.loop = loop;
		this.transport = transport;
		this.unix = unix;
	}

	EventLoop loop() {
		return this.loop;
	}

	/** For dialers of others. */
	Bootstrap bootstrap() {
		Bootstrap bootstrap = new Bootstrap().group(this.loop)
			.channelFactory(this.transport.channels(this.unix ? SocketKind.UNIX : SocketKind.TCP))
			.option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT_BYTES)
			.option(ChannelOption.ALLOCATOR, LoopAllocator.of(this.loop))
			.handler(new GateInitializer());
		return this.unix ? bootstrap
				: bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
	}

	/**
	 * Does what the bootstrap would do, with half of its objects; only on the event loop.
	 * @param timeoutMillis 0 for no bound
	 * @throws RuntimeException if there is no socket to be had
	 */
	ChannelFuture connect(SocketAddress remote, int timeoutMillis) {
		Channel channel = this.transport.channels(SocketKind.of(remote)).newChannel();
		ChannelFuture registered = this.loop.register(channel);
		if (!registered.isSuccess()) {
			channel.unsafe().closeForcibly();
			return registered;
		}
		ChannelConfig config = channel.config();
		config.setWriteBufferWaterMark(UNSENT_BYTES);
		config.setAllocator(LoopAllocator.of(this.loop));
		config.setConnectTimeoutMillis(timeoutMillis);
		if (!this.unix) {
			// TCP_NODELAY is set by Netty.
			config.setOption(ChannelOption.SO_KEEPALIVE, true);
		}
		channel.pipeline().addLast(new InboundGate());
		return channel.connect(remote).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
	}

	/**
	 * Adds a gate of its own to each channel: a dialer may try several.
	 */
	private static final class GateInitializer extends ChannelInitializer<Channel> {

		@Override
		protected void initChannel(Channel channel) {
			channel.pipeline().addLast(new InboundGate());
		}

	}

}
