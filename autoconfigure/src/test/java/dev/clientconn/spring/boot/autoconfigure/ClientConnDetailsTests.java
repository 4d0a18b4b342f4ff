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

package dev.clientconn.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnDetailsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.greeter.insecure=true",
				"clientconn.channels.billing.target=static:127.0.0.1:2", "clientconn.channels.billing.insecure=true");

	@Test
	void theTargetOfOneChannelAndThePropertiesForTheOthers() {
		this.runner.withBean(ClientConnDetails.class, () -> new Container("greeter", "static:127.0.0.1:1"))
			.run((context) -> {
				ClientConns clientConns = context.getBean(ClientConns.class);
				assertThat(clientConns.get("greeter").target()).isEqualTo("static:127.0.0.1:1");
				assertThat(clientConns.get("billing").target()).isEqualTo("static:127.0.0.1:2");
			});
	}

	@Test
	void detailsWinOverPropertiesAndTheFirstOfSeveralOverTheRest() {
		this.runner.withUserConfiguration(SeveralDetails.class).run((context) -> {
			ClientConns clientConns = context.getBean(ClientConns.class);
			assertThat(clientConns.get("greeter").target()).isEqualTo("static:127.0.0.1:3");
			assertThat(clientConns.get("billing").target()).isEqualTo("static:127.0.0.1:5");
		});
	}

	@Test
	void aServiceConnectionSuppliesTheTarget() {
		ConnectionDetails details = new ConnectionDetailsFactories(getClass().getClassLoader())
			.getConnectionDetails(new Service("greeter", 7), true)
			.get(ClientConnDetails.class);

		this.runner.withBean(ClientConnDetails.class, () -> (ClientConnDetails) details)
			.run((context) -> assertThat(context.getBean(ClientConns.class).get("greeter").target())
				.isEqualTo("static:127.0.0.1:7"));
	}

	@Test
	void aTargetThatCannotBeUsedNamesTheDetails() {
		this.runner.withBean(ClientConnDetails.class, () -> new Container("greeter", "static:127.0.0.1:port"))
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("clientconn.channels.greeter.target = \"static:127.0.0.1:port\"")
				.hasStackTraceContaining("The target is given by " + Container.class.getName()));
	}

	@Test
	void theSslBundleOfTheDetailsReplacesTheSecurityOfTheProperties() {
		SslBundle bundle = SslBundle.systemDefault();
		this.runner.withBean(ClientConnDetails.class, () -> new ClientConnDetails() {

			@Override
			public @Nullable String getTarget(String channel) {
				return channel.equals("greeter") ? "static:127.0.0.1:1" : null;
			}

			@Override
			public SslBundle getSslBundle(String channel) {
				return bundle;
			}

		}).run((context) -> {
			ClientConns clientConns = context.getBean(ClientConns.class);
			assertThat(clientConns.get("greeter").snapshot().security()).startsWith("tls");
			assertThat(clientConns.get("billing").snapshot().security()).isEqualTo("plaintext");
		});
	}

	private record Container(String channel, String target) implements ClientConnDetails {

		@Override
		public @Nullable String getTarget(String channel) {
			return channel.equals(this.channel) ? this.target : null;
		}

	}

	private record Service(String channel, int port) {
	}

	/** Found by META-INF/spring.factories of the tests. */
	static class ServiceDetailsFactory implements ConnectionDetailsFactory<Service, ClientConnDetails> {

		@Override
		public ClientConnDetails getConnectionDetails(Service source) {
			return new Container(source.channel(), "static:127.0.0.1:" + source.port());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralDetails {

		@Bean
		@Order(2)
		ClientConnDetails second() {
			return new Container("greeter", "static:127.0.0.1:4");
		}

		@Bean
		@Order(1)
		ClientConnDetails first() {
			return new Container("greeter", "static:127.0.0.1:3");
		}

		@Bean
		@Qualifier("billing")
		ClientConnDetails anyChannelButQualified() {
			return (channel) -> "static:127.0.0.1:5";
		}

	}

}
