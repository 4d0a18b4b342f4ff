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

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import io.grpc.CallCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Starts an application with one mistake in its credentials and reads what it prints.
 */
@ExtendWith(OutputCaptureExtension.class)
class CredentialsMisconfigurationTests {

	private static final String SECRET = "s3cr3t";

	private static final String CREDENTIALS = "clientconn.channels.greeter.credentials.";

	private static final String REGISTRATION = "spring.security.oauth2.client.registration.";

	private static final String[] TARGET = { "clientconn.channels.greeter.target=static:127.0.0.1:1",
			"clientconn.channels.greeter.insecure=true" };

	@Test
	void credentialsOverPlaintext(CapturedOutput output) {
		fails(output, CREDENTIALS + "bearer.token=" + SECRET);

		assertThat(output).contains("Property: clientconn.channels.greeter.insecure")
			.contains("Value: \"true\"")
			.contains("'clientconn.channels.greeter.credentials.require-tls'")
			.contains("'clientconn.channels.greeter.ssl.bundle'");
	}

	@Test
	void requireTlsOfTheDefaultsIsNamed(CapturedOutput output) {
		fails(output, CREDENTIALS + "bearer.token=" + SECRET, "clientconn.defaults.credentials.require-tls=true");

		assertThat(output).contains("'clientconn.defaults.credentials.require-tls'");
	}

	@Test
	void twoKinds(CapturedOutput output) {
		fails(output, CREDENTIALS + "bearer.token=" + SECRET, CREDENTIALS + "basic.username=me");

		assertThat(output).contains("mutually exclusive")
			.contains(CREDENTIALS + "bearer.token")
			.contains(CREDENTIALS + "basic.username");
	}

	@Test
	void twoKindsInTheDefaults(CapturedOutput output) {
		fails(output, "clientconn.defaults.credentials.bearer.token=" + SECRET,
				"clientconn.defaults.credentials.bean=mine");

		assertThat(output).contains("mutually exclusive").contains("clientconn.defaults.credentials.bean");
	}

	@Test
	void userWithoutPassword(CapturedOutput output) {
		fails(output, CREDENTIALS + "basic.username=me");

		assertThat(output).contains("Property: " + CREDENTIALS + "basic.username")
			.contains("'" + CREDENTIALS + "basic.password'");
	}

	@Test
	void passwordWithoutUser(CapturedOutput output) {
		fails(output, CREDENTIALS + "basic.password=" + SECRET);

		assertThat(output).contains("Property: " + CREDENTIALS + "basic.password")
			.contains("Value: \"******\"")
			.contains("'" + CREDENTIALS + "basic.username'");
	}

	@Test
	void userWithColon(CapturedOutput output) {
		fails(output, CREDENTIALS + "basic.username=me:too", CREDENTIALS + "basic.password=" + SECRET);

		assertThat(output).contains("Property: " + CREDENTIALS + "basic.username").contains("colon");
	}

	@Test
	void tokenThatCannotBeSent(CapturedOutput output) {
		fails(output, CREDENTIALS + "bearer.token=" + SECRET + " two");

		assertThat(output).contains("Property: " + CREDENTIALS + "bearer.token")
			.contains("Value: \"******\"")
			.contains("visible ASCII");
	}

	@Test
	void tokenFileThatDoesNotExist(CapturedOutput output) {
		fails(output, CREDENTIALS + "bearer.token-location=file:/does/not/exist");

		assertThat(output).contains("Property: " + CREDENTIALS + "bearer.token-location")
			.contains("Value: \"file:/does/not/exist\"")
			.contains("no such file");
	}

	@Test
	void beanThatDoesNotExist(CapturedOutput output) {
		fails(output, CREDENTIALS + "bean=application");

		assertThat(output).contains("Property: " + CREDENTIALS + "bean")
			.contains("Value: \"application\"")
			.contains("[known]");
	}

	@Test
	void enabledWithoutKind(CapturedOutput output) {
		fails(output, CREDENTIALS + "enabled=true");

		assertThat(output).contains("Property: " + CREDENTIALS + "enabled").contains("No kind of credentials");
	}

	@Test
	void unknownRegistration(CapturedOutput output) {
		fails(output, registration("orders", "client_credentials", CREDENTIALS + "oauth2.registration-id=order"));

		assertThat(output).contains("Property: " + CREDENTIALS + "oauth2.registration-id")
			.contains("Value: \"order\"")
			.contains("no client registration of that id")
			.contains("[orders]");
	}

	@Test
	void registrationForAnotherGrant(CapturedOutput output) {
		fails(output, registration("orders", "urn:ietf:params:oauth:grant-type:jwt-bearer",
				CREDENTIALS + "oauth2.registration-id=orders"));

		assertThat(output).contains("Property: " + CREDENTIALS + "oauth2.registration-id")
			.contains("jwt-bearer")
			.contains(REGISTRATION + "orders.authorization-grant-type");
	}

	@Test
	void noRegistrations(CapturedOutput output) {
		fails(output, CREDENTIALS + "oauth2.registration-id=orders");

		assertThat(output).contains("Property: " + CREDENTIALS + "oauth2.registration-id")
			.contains("spring-boot-starter-security-oauth2-client")
			.contains(REGISTRATION + "orders");
	}

	@Test
	void registrationWithoutSpringSecurity() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
					ClientConnCredentialsAutoConfiguration.class, ClientConnOAuth2AutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withPropertyValues(TARGET)
			.withPropertyValues(CREDENTIALS + "oauth2.registration-id=orders")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("spring-boot-starter-security-oauth2-client"));
	}

	private static String[] registration(String id, String grantType, String other) {
		String prefix = REGISTRATION + id + ".";
		return new String[] { prefix + "client-id=me", prefix + "client-secret=" + SECRET, prefix + "provider=idp",
				prefix + "authorization-grant-type=" + grantType,
				"spring.security.oauth2.client.provider.idp.token-uri=http://127.0.0.1:1/token", other };
	}

	private static void fails(CapturedOutput output, String... properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> args = new ArrayList<>(List.of("--spring.main.banner-mode=off"));
		for (String property : TARGET) {
			args.add("--" + property);
		}
		for (String property : properties) {
			args.add("--" + property);
		}
		assertThatException().isThrownBy(() -> application.run(args.toArray(String[]::new)).close());
		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START").doesNotContain(SECRET);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ OAuth2ClientAutoConfiguration.class, ClientConnAutoConfiguration.class,
			ClientConnCredentialsAutoConfiguration.class, ClientConnOAuth2AutoConfiguration.class })
	static class Application {

		@Bean
		CallCredentials known() {
			return new FixedCredentials(AuthorizationHeader.bearer("known"));
		}

	}

}
