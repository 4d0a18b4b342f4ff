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

package dev.clientconn;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.PerRpcCredentials;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Scenarios 13 to 19: how options and target fit together.
 */
class DialOptionScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final ManualDialer dialer = ManualDialer.hanging();

	private final ManualBalancer balancer = new ManualBalancer();

	@Test
	void scenario13credentialsMisuse() {
		PerRpcCredentials secret = PerRpcCredentials.of(headers("authorization", "secret"));

		refused(DialOptions.builder(), "no transport security set (use DialOptions.Builder.insecure() explicitly "
				+ "or set transportCredentials, for example TransportCredentials.tls())");
		refused(DialOptions.builder().insecure().transportCredentials(TransportCredentials.tls()),
				"transport credentials are set for an insecure connection "
						+ "(DialOptions.Builder.insecure() and transportCredentials are both called; remove one)");
		refused(DialOptions.builder().insecure().perRpcCredentials(secret),
				"the credentials require transport level security "
						+ "(set DialOptions.Builder.transportCredentials, for example TransportCredentials.tls())");
		assertThat(this.dialer.count()).isZero();
		assertThat(this.balancer.events()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "Non-Existent.Server:8080, Non-Existent.Server:8080", "localhost:50051, localhost:50051",
			":50051, localhost:50051", "unix:/s.sock, localhost", "[::1]:50051, [::1]:50051" })
	void scenario14authorityDefault(String target, String authority) {
		ClientConn conn = this.dials.dial(target, Dials.plain().dialer(this.dialer));

		assertThat(conn.authority()).isEqualTo(authority);
	}

	@Test
	void scenario15authorityOfCredentials() {
		Certificates certificates = new Certificates();
		try (ScriptedHttp2Server server = ScriptedHttp2Server.tls(certificates.server("over.write.server.name"),
				DialOptionScenarioTests::answer)) {
			ClientConn conn = this.dials.dial(server.address(),
					Dials.tls(Dials.trusting(certificates).withServerName("over.write.server.name")));

			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
			assertThat(requestOn(server).header(":authority")).isEqualTo("over.write.server.name");
		}
	}

	@Test
	void scenario15authorityOption() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(DialOptionScenarioTests::answer)) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().authority("orders.example"));

			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
			assertThat(requestOn(server).header(":authority")).isEqualTo("orders.example");
		}
	}

	@Test
	void scenario16authorityOptionWithTls() {
		refused(DialOptions.builder()
			.transportCredentials(TransportCredentials.tls().withServerName("a.example"))
			.authority("b.example"),
				"authority: \"b.example\" (the transport credentials name the server \"a.example\"; "
						+ "set one of them, or both alike)");
		assertThat(this.balancer.events()).isEmpty();
	}

	@Test
	void scenario17balancerPrecedence() {
		Map<String, Object> config = Map.of("loadBalancingConfig", List.of(Map.of("pick_first", Map.of())));
		ClientConn ofConfig = this.dials.dial("localhost:1", Dials.plain().dialer(this.dialer).serviceConfig(config));
		ClientConn ofOption = this.dials.dial("localhost:1",
				Dials.plain().balancer(this.balancer.provider()).serviceConfig(config));

		assertThat(ofConfig.snapshot().balancer()).isEqualTo("pick_first");
		assertThat(ofOption.snapshot().balancer()).isEqualTo("manual");
		assertThat(this.balancer.events("start")).containsExactly("start localhost:1");
	}

	@Test
	void scenario18balancerStartFails() {
		IllegalStateException failure = new IllegalStateException("no registry");
		this.balancer.failingToStart(failure).push();

		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.dials.dial("localhost:1",
					Dials.plain().dialer(this.dialer).balancer(this.balancer.provider())))
			.isSameAs(failure);
		Dials.during().untilAsserted(() -> {
			assertThat(this.balancer.events("close")).hasSize(1);
			assertThat(this.dialer.count()).isZero();
		});
	}

	@Test
	void scenario19optionOrder() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(),
					Dials.plain()
						.userAgent("a")
						.userAgent("app/1")
						.perRpcCredentials(new PerRpcCredentials(headers("x-first", "1"), false))
						.perRpcCredentials(new PerRpcCredentials(headers("x-second", "2"), false)));

			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
			Metadata sent = server.headers().get(0);
			assertThat(sent.get(key("user-agent"))).matches("app/1 clientconn-java/\\S+");
			assertThat(sent.get(key("x-first"))).isEqualTo("1");
			assertThat(sent.get(key("x-second"))).isEqualTo("2");
		}
	}

	private void refused(DialOptions.Builder options, String text) {
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.dials.dial("localhost:1", options.dialer(this.dialer).balancer(this.balancer.provider())))
			.withMessage(text);
	}

	private static void answer(Peer peer) {
		peer.handshake();
		peer.expectHeaders(1);
		peer.sendResponse(1, new byte[0]);
	}

	private static Frame requestOn(ScriptedHttp2Server server) {
		return server.peers().get(0).frames(dev.clientconn.testing.FrameType.HEADERS).get(0);
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

	private static CallCredentials headers(String name, String value) {
		return new CallCredentials() {

			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				Metadata headers = new Metadata();
				headers.put(key(name), value);
				executor.execute(() -> applier.apply(headers));
			}

		};
	}

}
