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

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.testing.Certificates;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Credentials of each kind as a server sees them.
 */
class CredentialsTests {

	private static final String CREDENTIALS = "clientconn.channels.greeter.credentials.";

	private final AuthorizationServer server = new AuthorizationServer();

	private final ApplicationContextRunner autoConfigured = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				ClientConnCredentialsAutoConfiguration.class, ClientConnOAuth2AutoConfiguration.class));

	private final ApplicationContextRunner plaintext = this.autoConfigured.withPropertyValues(
			"clientconn.channels.greeter.target=static:127.0.0.1:" + this.server.port(),
			"clientconn.channels.greeter.insecure=true");

	private final ApplicationContextRunner runner = this.plaintext
		.withPropertyValues("clientconn.defaults.credentials.require-tls=false");

	@AfterEach
	void stop() throws Exception {
		this.server.close();
	}

	@Test
	void withoutCredentialsThereIsNoHeader() {
		this.plaintext.run((context) -> {
			call(context);
			assertThat(this.server.seen).containsExactly("none");
		});
	}

	@Test
	void basic() {
		this.runner
			.withPropertyValues(CREDENTIALS + "basic.username=Aladdin", CREDENTIALS + "basic.password=open sesame")
			.run((context) -> {
				call(context);
				// The example of RFC 7617.
				assertThat(this.server.seen).containsExactly("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
			});
	}

	@Test
	void userAndPasswordMayComeFromDifferentLevels() {
		this.runner
			.withPropertyValues("clientconn.defaults.credentials.basic.username=Aladdin",
					CREDENTIALS + "basic.password=open sesame")
			.run((context) -> {
				call(context);
				assertThat(this.server.seen).containsExactly("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
			});
	}

	@Test
	void bearerToken() {
		this.runner.withPropertyValues(CREDENTIALS + "bearer.token=abc.def").run((context) -> {
			call(context);
			assertThat(this.server.seen).containsExactly("Bearer abc.def");
		});
	}

	@Test
	void bearerTokenOfAFileIsReadAgainAfterTheServerHasRejectedIt(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("token"), "first\n");
		this.server.answer = (authorization) -> authorization.equals("Bearer first") ? Status.UNAUTHENTICATED
				: Status.UNIMPLEMENTED;
		this.runner.withPropertyValues(CREDENTIALS + "bearer.token-location=" + file).run((context) -> {
			assertThat(TestCalls.start(conn(context)).get().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
			Files.writeString(file, "second\n");
			call(context);

			assertThat(this.server.seen).containsExactly("Bearer first", "Bearer second");
		});
	}

	@Test
	void aFileThatHasGoneFailsTheCall(@TempDir Path folder) throws Exception {
		Path file = Files.writeString(folder.resolve("token"), "first");
		this.runner.withPropertyValues(CREDENTIALS + "bearer.token-location=file:" + file).run((context) -> {
			Files.delete(file);
			Status status = TestCalls.start(conn(context)).get();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
			assertThat(status.getDescription()).contains("token of 'file:" + file + "' cannot be read");
			assertThat(this.server.seen).isEmpty();
		});
	}

	@Test
	void callCredentialsBean() {
		this.runner.withBean("mine", CallCredentials.class, () -> new Fixed("mine"))
			.withBean("other", CallCredentials.class, () -> new Fixed("other"))
			.withPropertyValues(CREDENTIALS + "bean=mine")
			.run((context) -> {
				call(context);
				assertThat(this.server.seen).containsExactly("mine");
			});
	}

	@Test
	void perRpcCredentialsBeanDecidesAboutTlsUnlessThePropertyDoes() {
		PerRpcCredentials lenient = new PerRpcCredentials(new Fixed("lenient"), false);
		ApplicationContextRunner withBean = this.plaintext.withBean("mine", PerRpcCredentials.class, () -> lenient)
			.withPropertyValues(CREDENTIALS + "bean=mine");

		withBean.run((context) -> {
			call(context);
			assertThat(this.server.seen).containsExactly("lenient");
		});
		withBean.withPropertyValues(CREDENTIALS + "require-tls=true").run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void theKindOfTheChannelReplacesTheKindOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.credentials.bearer.token=default",
					"clientconn.channels.inheriting.target=static:127.0.0.1:" + this.server.port(),
					"clientconn.channels.inheriting.insecure=true", CREDENTIALS + "basic.username=Aladdin",
					CREDENTIALS + "basic.password=open sesame")
			.run((context) -> {
				assertThat(TestCalls.start(context.getBean(ClientConns.class).get("inheriting")).get().getCode())
					.isEqualTo(Status.Code.UNIMPLEMENTED);
				TestCalls.start(context.getBean(ClientConns.class).get("greeter")).get();
				assertThat(this.server.seen).containsExactly("Bearer default", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
			});
	}

	@Test
	void aChannelCanDoWithoutTheCredentialsOfTheDefaults() {
		this.plaintext
			.withPropertyValues("clientconn.defaults.credentials.bearer.token=default", CREDENTIALS + "enabled=false")
			.run((context) -> {
				call(context);
				assertThat(this.server.seen).containsExactly("none");
			});
	}

	@Test
	void credentialsGoOverTlsByDefault() throws Exception {
		Certificates certificates = new Certificates();
		X509Bundle certificate = certificates.localhost();
		try (AuthorizationServer secure = new AuthorizationServer((builder) -> builder.useTransportSecurity(
				stream(certificate.getCertificatePathPEM()), stream(certificate.getPrivateKeyPEM())))) {
			this.autoConfigured
				.withPropertyValues(
						"spring.ssl.bundle.pem.internal.truststore.certificate="
								+ certificates.authority().getCertificatePathPEM(),
						"clientconn.channels.greeter.target=localhost:" + secure.port(),
						"clientconn.channels.greeter.ssl.bundle=internal", CREDENTIALS + "bearer.token=secret")
				.run((context) -> {
					call(context);
					assertThat(secure.seen).containsExactly("Bearer secret");
				});
		}
	}

	private static InputStream stream(String pem) {
		return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
	}

	private static ClientConn conn(ApplicationContext context) {
		return context.getBean(ClientConn.class);
	}

	private static void call(ApplicationContext context) throws Exception {
		assertThat(TestCalls.start(conn(context)).get().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
	}

	private static final class Fixed extends CallCredentials {

		private final String value;

		Fixed(String value) {
			this.value = value;
		}

		@Override
		public void applyRequestMetadata(RequestInfo requestInfo, Executor appExecutor, MetadataApplier applier) {
			Metadata headers = new Metadata();
			headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), this.value);
			applier.apply(headers);
		}

	}

}
