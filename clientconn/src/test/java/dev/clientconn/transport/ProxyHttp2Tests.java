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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.TestProxy;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ways to the server through a proxy.
 */
class ProxyHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final EchoServer server = EchoServer.started();

	private final Rig rig = new Rig();

	@AfterEach
	void close() {
		this.rig.close();
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void proxyIsAskedForTheName(Kind kind) {
		try (TestProxy proxy = kind.start(this.server.port())) {
			this.rig.dialer = kind.dialer(proxy.address(), null, null);

			assertThat(call("backend.internal:7")).isEqualTo(Status.OK);
			assertThat(proxy.requests()).containsExactly(kind.domain + "backend.internal:7");
		}
	}

	@ParameterizedTest
	@CsvSource({ "HTTP_CONNECT, 10.0.0.1:7, 10.0.0.1:7", "HTTP_CONNECT, [fd00::1]:7, [fd00::1]:7",
			"SOCKS5, 10.0.0.1:7, IPv4 10.0.0.1:7", "SOCKS5, [fd00::1]:7, IPv6 fd00::1:7" })
	void proxyIsAskedForAnIpAddressAsSuch(Kind kind, String address, String request) {
		try (TestProxy proxy = kind.start(this.server.port())) {
			this.rig.dialer = kind.dialer(proxy.address(), null, null);

			assertThat(call(address)).isEqualTo(Status.OK);
			assertThat(proxy.requests()).containsExactly(request);
		}
	}

	@ParameterizedTest
	@EnumSource
	void userAndPasswordAreShown(Kind kind) {
		try (TestProxy proxy = kind.start(this.server.port()).requiring("user", "secret")) {
			this.rig.dialer = kind.dialer(proxy.address(), "user", "secret");

			assertThat(call("backend.internal:7")).isEqualTo(Status.OK);
		}
	}

	@ParameterizedTest
	@CsvSource({ "HTTP_CONNECT, user, wrong, 407 Proxy Authentication Required",
			"HTTP_CONNECT, , , 407 Proxy Authentication Required", "SOCKS5, user, wrong, authStatus: FAILURE",
			"SOCKS5, , , unexpected authMethod: UNACCEPTED" })
	void wrongPasswordFailsTheAttempt(Kind kind, String user, String password, String reason) {
		try (TestProxy proxy = kind.start(this.server.port()).requiring("user", "secret")) {
			this.rig.dialer = kind.dialer(proxy.address(), user, password);
			this.rig.connect("backend.internal:7");

			assertThat(failure()).startsWith("backend.internal:7: ").contains(reason).doesNotContain("wrong");
		}
	}

	@ParameterizedTest
	@CsvSource({ "HTTP_CONNECT, 403 Forbidden", "SOCKS5, HOST_UNREACHABLE" })
	void refusalOfTheProxyFailsTheAttempt(Kind kind, String reason) {
		try (TestProxy proxy = kind.start(this.server.port()).refusing()) {
			this.rig.dialer = kind.dialer(InetSocketAddress.createUnresolved("localhost", proxy.address().getPort()),
					null, null);
			this.rig.connect("backend.internal:7");

			assertThat(failure()).startsWith("backend.internal:7: ")
				.contains(reason)
				.contains(":" + proxy.address().getPort());
		}
	}

	@ParameterizedTest
	@EnumSource
	void proxyThatIsNotThereIsNamed(Kind kind) {
		TestProxy proxy = kind.start(this.server.port());
		proxy.close();
		this.rig.dialer = kind.dialer(proxy.address(), null, null);
		this.rig.connect("backend.internal:7");

		assertThat(failure()).startsWith("backend.internal:7: ")
			.contains("proxy")
			.contains("127.0.0.1:" + proxy.address().getPort())
			.containsIgnoringCase("connection refused");
	}

	@ParameterizedTest
	@EnumSource
	void refusalIsNotLoggedByTheWay(Kind kind) throws Exception {
		BlockingQueue<ILoggingEvent> events = new LinkedBlockingQueue<>();
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
			@Override
			protected void append(ILoggingEvent event) {
				events.add(event);
			}
		};
		appender.start();
		Logger netty = (Logger) LoggerFactory.getLogger("io.netty");
		netty.addAppender(appender);
		try (TestProxy proxy = kind.start(this.server.port()).refusing()) {
			this.rig.dialer = kind.dialer(proxy.address(), null, null);
			ClientTransport transport = this.rig.connect("backend.internal:7");
			failure();
			// What is to be logged has been by then.
			((Http2ClientTransport) transport).loop().submit(() -> {
			}).get(5, TimeUnit.SECONDS);
		}
		finally {
			netty.detachAppender(appender);
		}

		assertThat(events).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void callOfAClientConnGoesThroughTheProxy(Kind kind) {
		try (EchoServer backend = EchoServer.started(); TestProxy proxy = kind.start(backend.port())) {
			DialOptions options = DialOptions.builder()
				.insecure()
				.dialer(kind.dialer(proxy.address(), "user", "secret"))
				.build();
			// The name is not looked up here: it could not be.
			try (ClientConn conn = ClientConn.dial("static:backend.invalid:7", options)) {
				EchoReply reply = EchoGrpc.newBlockingStub(conn)
					.unary(EchoRequest.newBuilder().setMessage("hello").build());

				assertThat(reply.getMessage()).isEqualTo("hello");
				assertThat(proxy.requests()).containsExactly(kind.domain + "backend.invalid:7");
			}
		}
	}

	private Status call(String address) {
		ClientTransport transport = this.rig.connect(address);
		this.rig.events.awaitReady();
		return this.rig.unary(transport, EchoGrpc.getUnaryMethod(), new byte[0]).awaitClosed().status;
	}

	private String failure() {
		return this.rig.events.awaitClosed().getDescription();
	}

	/**
	 * The kinds of proxies.
	 */
	enum Kind {

		HTTP_CONNECT("") {
			@Override
			TestProxy start(int backend) {
				return TestProxy.http(backend);
			}

			@Override
			Dialer dialer(InetSocketAddress proxy, String user, String password) {
				return Dialer.httpConnect(proxy, user, password);
			}
		},

		SOCKS5("DOMAIN ") {
			@Override
			TestProxy start(int backend) {
				return TestProxy.socks5(backend);
			}

			@Override
			Dialer dialer(InetSocketAddress proxy, String user, String password) {
				return Dialer.socks5(proxy, user, password);
			}
		};

		final String domain;

		Kind(String domain) {
			this.domain = domain;
		}

		abstract TestProxy start(int backend);

		abstract Dialer dialer(InetSocketAddress proxy, String user, String password);

	}

}
