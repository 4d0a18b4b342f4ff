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

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.LeakCheckExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Sockets}: what it opens itself, and what its bootstrap opens for
 * dialers of others, is the same.
 */
class SocketsTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "NIO" })
	void socketsAreSetUpAlikeWhoeverOpensThem(IoTransport transport) throws Exception {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newHandlerFactory());
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			EventLoop loop = group.next();
			Sockets sockets = new Sockets(loop, transport, false);
			Channel ours = connect(loop, sockets, server.getLocalSocketAddress());
			Channel others = loop.submit(sockets::bootstrap)
				.get()
				.connect(server.getLocalSocketAddress())
				.sync()
				.channel();

			for (Channel channel : new Channel[] { ours, others }) {
				ChannelConfig config = channel.config();
				assertThat(channel.isActive()).isTrue();
				assertThat(config.getOption(ChannelOption.TCP_NODELAY)).isTrue();
				assertThat(config.getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
				assertThat(config.getAllocator()).isSameAs(others.config().getAllocator());
				assertThat(config.getWriteBufferHighWaterMark()).isEqualTo(256 * 1024);
				assertThat(config.getWriteBufferLowWaterMark()).isEqualTo(64 * 1024);
				assertThat(channel.pipeline().get(InboundGate.class)).isNotNull();
			}
			ours.close().sync();
			others.close().sync();
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "NIO" })
	void anIpv4AddressGetsAnIpv4Socket(IoTransport transport) throws Exception {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newHandlerFactory());
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
			EventLoop loop = group.next();
			Channel channel = connect(loop, new Sockets(loop, transport, false), server.getLocalSocketAddress());
			int port = ((InetSocketAddress) channel.localAddress()).getPort();

			assertThat(channel.localAddress()).hasToString("/127.0.0.1:" + port);
			// An IPv6 socket is listed in tcp6, also where it speaks IPv4.
			assertThat(ipv4Ports()).contains(port);
			channel.close().sync();
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	@Test
	void otherAddressesGetSocketsThatReachThem() throws Exception {
		assertThat(SocketKind.of(new InetSocketAddress(InetAddress.getByName("::1"), 1))).isEqualTo(SocketKind.TCP);
		assertThat(SocketKind.of(InetSocketAddress.createUnresolved("localhost", 1))).isEqualTo(SocketKind.TCP);
		assertThat(SocketKind.of(new DomainSocketAddress("x.sock"))).isEqualTo(SocketKind.UNIX);
		assertThat(SocketKind.of(UnixDomainSocketAddress.of("x.sock"))).isEqualTo(SocketKind.UNIX);
	}

	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "NIO" })
	void refusedSocketIsClosed(IoTransport transport) throws Exception {
		int port;
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			port = server.getLocalPort();
		}
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newHandlerFactory());
		try {
			EventLoop loop = group.next();
			AtomicReference<ChannelFuture> connect = new AtomicReference<>();
			loop.submit(() -> connect.set(new Sockets(loop, transport, false)
				.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0))).sync();

			assertThat(connect.get().await().cause()).isInstanceOf(ConnectException.class);
			assertThat(connect.get().channel().closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	@Test
	void abandonedDialClosesItsSocket() throws Exception {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoTransport.NIO.newHandlerFactory());
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			EventLoop loop = group.next();
			Sockets sockets = new Sockets(loop, IoTransport.NIO, false);
			Address address = Address.of("127.0.0.1:" + server.getLocalPort());
			server.setSoTimeout(10_000);
			loop.submit(() -> TcpDialer.INSTANCE.dial(address, sockets, Duration.ofSeconds(5)).cancel(false)).sync();

			try (Socket accepted = server.accept()) {
				accepted.setSoTimeout(10_000);
				assertThat(accepted.getInputStream().read()).isEqualTo(-1);
			}
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	/** The local ports of all IPv4 sockets, as the kernel tells. */
	private static Set<Integer> ipv4Ports() throws IOException {
		return Files.readAllLines(Path.of("/proc/self/net/tcp"))
			.stream()
			.skip(1)
			.map((line) -> line.strip().split("\\s+")[1])
			.map((local) -> Integer.parseInt(local.substring(local.indexOf(':') + 1), 16))
			.collect(Collectors.toSet());
	}

	private static Channel connect(EventLoop loop, Sockets sockets, SocketAddress remote) throws Exception {
		AtomicReference<ChannelFuture> connect = new AtomicReference<>();
		loop.submit(() -> connect.set(sockets.connect(remote, 0))).sync();
		return connect.get().sync().channel();
	}

}
