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
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Ways to the server other than plain TCP on the shared event loops.
 */
class DialerHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final EventLoopGroup serverGroup = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	@AfterEach
	void close() {
		this.serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void unixSocketIsConnected(boolean epoll, @TempDir Path directory) throws Exception {
		Path socket = directory.resolve("s");
		Server server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
			.channelType(NioServerDomainSocketChannel.class)
			.bossEventLoopGroup(this.serverGroup)
			.workerEventLoopGroup(this.serverGroup)
			.build()
			.start();
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
				epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		try (EventLoops loops = EventLoops.of(group)) {
			assertThat(loops.supportsUnix()).isTrue();
			RecordingTransport events = new RecordingTransport();
			ClientTransport transport = factory(loops, Dialer.tcp()).connect(Address.of("unix:" + socket), Rig.TIMEOUT,
					events);
			events.awaitReady();

			RecordingStream call = new RecordingStream();
			ClientStream stream = transport.newStream(Rig.head(Rig.ECHO), call);
			stream.write(Rig.frame(new byte[1]));
			stream.halfClose();
			stream.flush();

			assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
			transport.close(Status.CANCELLED);
			events.awaitClosed();
		}
		finally {
			server.shutdownNow().awaitTermination();
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		}
	}

	@Test
	void callsOfEndedEventLoopsEndToo() {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try (EchoServer server = EchoServer.started()) {
			RecordingTransport events = new RecordingTransport();
			ClientTransport transport = factory(EventLoops.of(group), Dialer.tcp()).connect(server.address(),
					Rig.TIMEOUT, events);
			events.awaitReady();
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
			events.awaitClosed();
			RecordingStream call = new RecordingStream();
			ClientStream stream = transport.newStream(Rig.head(Rig.ECHO), call);
			stream.flush();

			assertThat(call.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
		}
	}

	@Test
	void eventLoopsWithoutSocketsAreRejected() {
		EventLoopGroup group = new io.netty.channel.DefaultEventLoopGroup(1);
		assertThatIllegalArgumentException().isThrownBy(() -> EventLoops.of(group))
			.withMessageContaining("DefaultEventLoopGroup");
		group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void httpProxyIsAskedForTheName() throws Exception {
		try (EchoServer server = EchoServer.started()) {
			BlockingQueue<String> requests = new LinkedBlockingQueue<>();
			Channel proxy = proxy(server.port(), requests, "HTTP/1.1 200 OK\r\n\r\n");
			Rig rig = new Rig();
			rig.dialer = Dialer.httpConnect(proxy.localAddress(), "user", "secret");
			ClientTransport transport = rig.connect("backend.internal:7");
			rig.events.awaitReady();

			RecordingStream call = rig.unary(transport, EchoGrpc.getUnaryMethod(), new byte[0]);

			assertThat(call.awaitClosed().status).isEqualTo(Status.OK);
			assertThat(requests.take()).startsWith("CONNECT backend.internal:7 HTTP/1.1")
				.contains("proxy-authorization: Basic dXNlcjpzZWNyZXQ=");
			rig.close();
			proxy.close().syncUninterruptibly();
		}
	}

	@Test
	void refusalOfTheProxyFailsTheAttempt() throws Exception {
		BlockingQueue<String> requests = new LinkedBlockingQueue<>();
		Channel proxy = proxy(1, requests, "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
		Rig rig = new Rig();
		rig.dialer = Dialer.httpConnect(
				new InetSocketAddress("localhost", ((InetSocketAddress) proxy.localAddress()).getPort()), null, null);
		rig.connect("backend.internal:7");

		assertThat(rig.events.awaitClosed().getDescription()).startsWith("backend.internal:7: ").contains("403");
		rig.close();
		proxy.close().syncUninterruptibly();
	}

	private static TransportFactory factory(EventLoops loops, Dialer dialer) {
		return TransportFactory.http2(new TransportOptions("test", "localhost", "test", "",
				TransportCredentials.insecure(), dialer, loops, Rig.LIMITS));
	}

	/** A proxy that sends what the backend says right behind its own answer. */
	private Channel proxy(int backend, BlockingQueue<String> requests, String answer) throws IOException {
		return new ServerBootstrap().group(this.serverGroup)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<Channel>() {
				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new ProxyHandler(backend, requests, answer));
				}
			})
			.bind("127.0.0.1", 0)
			.syncUninterruptibly()
			.channel();
	}

	private static final class ProxyHandler extends ChannelInboundHandlerAdapter {

		private final int backend;

		private final BlockingQueue<String> requests;

		private final String answer;

		private Channel other;

		ProxyHandler(int backend, BlockingQueue<String> requests, String answer) {
			this.backend = backend;
			this.requests = requests;
			this.answer = answer;
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			io.netty.buffer.ByteBuf in = (io.netty.buffer.ByteBuf) msg;
			if (this.other != null) {
				this.other.writeAndFlush(in);
				return;
			}
			this.requests.add(in.toString(StandardCharsets.US_ASCII));
			in.release();
			io.netty.buffer.ByteBuf reply = ctx.alloc().buffer();
			reply.writeCharSequence(this.answer, StandardCharsets.US_ASCII);
			if (!this.answer.contains("200")) {
				ctx.writeAndFlush(reply);
				return;
			}
			io.netty.bootstrap.Bootstrap bootstrap = new io.netty.bootstrap.Bootstrap().group(ctx.channel().eventLoop())
				.channel(NioSocketChannel.class)
				.handler(new ChannelInboundHandlerAdapter() {
					@Override
					public void channelRead(ChannelHandlerContext backendCtx, Object data) {
						if (reply.refCnt() > 0 && reply.isReadable()) {
							ctx.writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(reply.copy(),
									(io.netty.buffer.ByteBuf) data));
							reply.release();
						}
						else {
							ctx.writeAndFlush(data);
						}
					}
				});
			this.other = bootstrap.connect("127.0.0.1", this.backend).channel();
			ctx.channel().closeFuture().addListener((ChannelFutureListener) (future) -> this.other.close());
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

}
