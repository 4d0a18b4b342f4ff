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

package dev.clientconn.benchmarks.floor;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.clientconn.benchmarks.channels.Channels;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * A channel that is none: the least that calls on Netty can cost, as a yardstick for
 * those that do everything. It connects when it is dialled and never again, and takes
 * turns among its connections.
 */
public final class FloorChannel extends ManagedChannel {

	/** One loop: with more of them, those that share the calls wake each other up. */
	private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("floor", true),
			Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

	private final Wire[] wires;

	private int turn;

	private FloorChannel(List<String> addresses, Function<String, Wire> wire) {
		this.wires = addresses.stream().map(wire).toArray(Wire[]::new);
		for (int i = 0; i < this.wires.length; i++) {
			connect(addresses.get(i), this.wires[i]);
		}
	}

	/** On Netty's {@code Http2ConnectionHandler}. */
	public static Channels h2() {
		return new Floors(H2Wire::new);
	}

	/** On Netty's frame reader and HPACK decoder alone. */
	public static Channels frames() {
		return new Floors(FramesWire::new);
	}

	private static void connect(String address, Wire wire) {
		int colon = address.lastIndexOf(':');
		ChannelFuture connected = new Bootstrap().group(LOOPS)
			.channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.handler(new ChannelInitializer<>() {
				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(wire.handler());
				}
			})
			.connect(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))
			.syncUninterruptibly();
		connected.channel().eventLoop().submit(() -> wire.connected(connected.channel())).syncUninterruptibly();
	}

	@Override
	public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
		int next = (this.wires.length == 1) ? 0 : Math.floorMod(this.turn++, this.wires.length);
		return new FloorCall<>(method, options, this.wires[next]);
	}

	@Override
	public String authority() {
		return "floor";
	}

	@Override
	public ManagedChannel shutdown() {
		for (Wire wire : this.wires) {
			wire.channel().close();
		}
		return this;
	}

	@Override
	public ManagedChannel shutdownNow() {
		return shutdown();
	}

	@Override
	public boolean isShutdown() {
		return !this.wires[0].channel().isActive();
	}

	@Override
	public boolean isTerminated() {
		return isShutdown();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		boolean closed = true;
		for (Wire wire : this.wires) {
			closed &= wire.channel().closeFuture().await(timeout, unit);
		}
		return closed;
	}

	private record Floors(Function<String, Wire> wire) implements Channels {

		@Override
		public ManagedChannel dial(String address) {
			return new FloorChannel(List.of(address), this.wire);
		}

		@Override
		public Listed dial(List<String> addresses) {
			ManagedChannel channel = new FloorChannel(addresses, this.wire);
			return new Listed() {

				@Override
				public ManagedChannel channel() {
					return channel;
				}

				@Override
				public Runnable update(List<String> next) {
					throw new UnsupportedOperationException("A floor keeps its addresses");
				}

			};
		}

	}

}
