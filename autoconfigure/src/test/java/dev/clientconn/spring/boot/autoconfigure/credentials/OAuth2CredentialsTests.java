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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tokens from a real token endpoint, as a server sees them.
 */
class OAuth2CredentialsTests {

	private static final String SECRET = "s3cr3t";

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(
			OAuth2ClientAutoConfiguration.class, ClientConnAutoConfiguration.class,
			ClientConnCredentialsAutoConfiguration.class, ClientConnOAuth2AutoConfiguration.class);

	private final TokenEndpoint endpoint = new TokenEndpoint();

	private final AuthorizationServer server = new AuthorizationServer();

	private final String[] properties = { "clientconn.channels.greeter.target=static:127.0.0.1:" + this.server.port(),
			"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.credentials.require-tls=false",
			"clientconn.channels.greeter.credentials.oauth2.registration-id=orders",
			"spring.security.oauth2.client.registration.orders.provider=idp",
			"spring.security.oauth2.client.registration.orders.client-id=greeter",
			"spring.security.oauth2.client.registration.orders.client-secret=" + SECRET,
			"spring.security.oauth2.client.registration.orders.authorization-grant-type=client_credentials",
			"spring.security.oauth2.client.provider.idp.token-uri=" + this.endpoint.uri() };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues(this.properties);

	@AfterEach
	void stop() throws Exception {
		this.endpoint.close();
		this.server.close();
	}

	@Test
	void oneTokenServesManyCalls() {
		this.runner.run((context) -> {
			assertThat(this.endpoint.requests).hasValue(0);
			for (int i = 0; i < 3; i++) {
				assertThat(TestCalls.start(context.getBean(ClientConn.class)).get().getCode())
					.isEqualTo(Status.Code.UNIMPLEMENTED);
			}
			assertThat(this.server.seen).containsExactly("Bearer token-1", "Bearer token-1", "Bearer token-1");
			assertThat(this.endpoint.requests).hasValue(1);
		});
	}

	@Test
	void itWorksOutsideOfRequestsInAWebApplication() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues(this.properties)
			.run((context) -> {
				TestCalls.start(context.getBean(ClientConn.class)).get();
				assertThat(this.server.seen).containsExactly("Bearer token-1");
			});
	}

	@Test
	void callsThatStartTogetherShareOneFetchAndNobodyBlocks() {
		this.endpoint.gate = new CountDownLatch(1);
		this.runner.run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			List<CompletableFuture<Status>> calls = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				calls.add(TestCalls.start(conn));
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(this.endpoint.requests).hasValue(1));
			assertThat(calls).noneMatch(CompletableFuture::isDone);

			this.endpoint.gate.countDown();

			for (CompletableFuture<Status> call : calls) {
				assertThat(call.get().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
			}
			assertThat(this.server.seen).hasSize(20).containsOnly("Bearer token-1");
			assertThat(this.endpoint.requests).hasValue(1);
		});
	}

	@Test
	void aTokenIsReplacedWhenItExpires() {
		this.endpoint.expiresIn = 1;
		this.runner.run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				TestCalls.start(conn).get();
				assertThat(this.server.seen).contains("Bearer token-1", "Bearer token-2");
			});
		});
	}

	@Test
	void aRejectedTokenIsReplacedForTheNextCallOnce() {
		this.server.answer = (authorization) -> Status.UNAUTHENTICATED;
		this.runner.run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			for (int i = 0; i < 4; i++) {
				assertThat(TestCalls.start(conn).get().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
			}
			assertThat(this.server.seen).containsExactly("Bearer token-1", "Bearer token-2", "Bearer token-2",
					"Bearer token-2");
			assertThat(this.endpoint.requests).hasValue(2);
		});
	}

	@Test
	void otherFailuresOfCallsKeepTheToken() {
		this.server.answer = (authorization) -> Status.PERMISSION_DENIED;
		this.runner.run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			TestCalls.start(conn).get();
			TestCalls.start(conn).get();
			assertThat(this.server.seen).containsExactly("Bearer token-1", "Bearer token-1");
		});
	}

	@Test
	void anUnreachableEndpointIsUnavailable() {
		this.endpoint.close();
		this.runner.run((context) -> {
			Status status = TestCalls.start(context.getBean(ClientConn.class)).get();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(status.getDescription()).startsWith("client registration 'orders': no token: ")
				.contains("ConnectException");
			assertThat(status.getCause()).isNotNull();
			assertThat(this.server.seen).isEmpty();
			withoutSecret(status);
		});
	}

	@Test
	void anEndpointInTroubleIsUnavailable() {
		this.endpoint.status = 503;
		this.endpoint.body = "{}";
		this.runner.run((context) -> assertThat(TestCalls.start(context.getBean(ClientConn.class)).get().getCode())
			.isEqualTo(Status.Code.UNAVAILABLE));
	}

	@Test
	void aRefusedClientIsUnauthenticated() {
		this.endpoint.status = 401;
		this.endpoint.body = """
				{"error":"invalid_client"}""";
		refused("client registration 'orders': no token: the token endpoint answered 401 UNAUTHORIZED");
	}

	@Test
	void aRefusedRequestIsUnauthenticated() {
		this.endpoint.status = 400;
		this.endpoint.body = """
				{"error":"invalid_scope"}""";
		refused("client registration 'orders': no token: invalid_scope");
	}

	private void refused(String description) {
		this.runner.run((context) -> {
			Status status = TestCalls.start(context.getBean(ClientConn.class)).get();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
			assertThat(status.getDescription()).isEqualTo(description);
			withoutSecret(status);
		});
	}

	@Test
	void anAnswerThatIsNotUnderstoodIsNotRepeated() {
		this.endpoint.body = """
				{"access_token":"%s","token_type":"mac","expires_in":"soon"}""".formatted(SECRET);
		this.runner.run((context) -> {
			Status status = TestCalls.start(context.getBean(ClientConn.class)).get();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
			withoutSecret(status);
		});
	}

	@Test
	void anEndpointThatComesBackServesTheNextCalls() {
		this.endpoint.status = 500;
		this.runner.run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			assertThat(TestCalls.start(conn).get().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			this.endpoint.status = 200;
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(
						() -> assertThat(TestCalls.start(conn).get().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
		});
	}

	@Test
	void theApplicationsOwnManagerIsUsed() {
		this.runner.withBean(AuthorizedClientServiceOAuth2AuthorizedClientManager.class)
			.withBean(ManagerSetUp.class)
			.run((context) -> {
				this.server.answer = (authorization) -> Status.UNAUTHENTICATED;
				ClientConn conn = context.getBean(ClientConn.class);
				TestCalls.start(conn).get();
				assertThat((Object) context.getBean(OAuth2AuthorizedClientService.class)
					.loadAuthorizedClient("orders", "clientconn")).isNotNull();

				TestCalls.start(conn).get();

				assertThat(this.server.seen).containsExactly("Bearer token-1", "Bearer token-2");
			});
	}

	private static void withoutSecret(Status status) {
		StringWriter text = new StringWriter();
		status.asRuntimeException().printStackTrace(new PrintWriter(text));
		assertThat(text.toString()).doesNotContain(SECRET);
	}

	static class ManagerSetUp {

		ManagerSetUp(AuthorizedClientServiceOAuth2AuthorizedClientManager manager) {
			manager.setAuthorizedClientProvider(
					OAuth2AuthorizedClientProviderBuilder.builder().clientCredentials().build());
		}

	}

}
