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

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
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
	void dialerThatMissesAClassFailsTheAttempt() {
		try (EventLoops loops = EventLoops.shared()) {
			RecordingTransport events = new RecordingTransport();
			factory(loops, (request) -> {
				throw new NoClassDefFoundError("com/example/Proxy");
			}).connect(Address.of("localhost:1"), Rig.TIMEOUT, events);

			assertThat(events.awaitClosed().getDescription()).isEqualTo("localhost:1: com/example/Proxy");
		}
	}

	@Test
	void eventLoopsWithoutSocketsAreRejected() {
		EventLoopGroup group = new io.netty.channel.DefaultEventLoopGroup(1);
		assertThatIllegalArgumentException().isThrownBy(() -> EventLoops.of(group))
			.withMessageContaining("DefaultEventLoopGroup");
		group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	private static TransportFactory factory(EventLoops loops, Dialer dialer) {
		return TransportFactory.http2(new TransportOptions("test", "localhost", "test", "",
				TransportCredentials.insecure(), dialer, loops, Rig.LIMITS, null));
	}

}
