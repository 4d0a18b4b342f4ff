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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ClientConnAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class));

	private final ApplicationContextRunner twoChannels = this.runner.withPropertyValues(
			"clientconn.channels.greeter.target=static:127.0.0.1:1", "clientconn.channels.greeter.insecure=true",
			"clientconn.channels.order-history.target=static:127.0.0.1:2",
			"clientconn.channels.order-history.insecure=true");

	@Test
	void eachChannelIsABeanWithItsNameAsQualifier() {
		this.twoChannels.withUserConfiguration(Clients.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanNamesForType(ClientConn.class)).containsExactly("greeterClientConn",
					"orderHistoryClientConn");
			Clients clients = context.getBean(Clients.class);
			assertThat(clients.greeter.target()).isEqualTo("static:127.0.0.1:1");
			assertThat(clients.history).isSameAs(context.getBean("orderHistoryClientConn"));
		});
	}

	@Test
	void aSingleChannelIsInjectedByType() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.insecure=true")
			.run((context) -> assertThat(context.getBean(ClientConn.class).target()).isEqualTo("static:127.0.0.1:1"));
	}

	@Test
	void theApplicationsOwnConnectionWinsByType() {
		this.twoChannels.withUserConfiguration(OwnConnection.class)
			.run((context) -> assertThat(context.getBean(ClientConn.class).target()).isEqualTo("static:127.0.0.1:3"));
	}

	@Test
	void aBeanWithTheNameOfOursReplacesIt() {
		this.twoChannels.withUserConfiguration(SameName.class, Clients.class).run((context) -> {
			assertThat(context).hasNotFailed();
			Object own = context.getBean("greeterClientConn");
			assertThat(((ClientConn) own).target()).isEqualTo("static:127.0.0.1:3");
			assertThat(context.getBean(ClientConns.class).get("greeter")).isSameAs(own);
			assertThat(context.getBean(Clients.class).greeter).isSameAs(own);
			assertThat(context.getBean(ClientConns.class).get("order-history").target())
				.isEqualTo("static:127.0.0.1:2");
		});
	}

	@Test
	void aBeanWithTheQualifierOfOursReplacesIt() {
		this.twoChannels.withUserConfiguration(SameQualifier.class, Clients.class)
			.withPropertyValues("clientconn.channels.greeter.target=")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean("greeterClientConn");
				ClientConn own = context.getBean("mine", ClientConn.class);
				assertThat(context.getBean(Clients.class).greeter).isSameAs(own);
				assertThat(context.getBean(ClientConns.class).get("greeter")).isSameAs(own);
				assertThat(context.getBean(ClientConns.class).get("order-history"))
					.isSameAs(context.getBean("orderHistoryClientConn"));
			});
	}

	@Test
	void aBeanNamedLikeAChannelIsLeftAlone() {
		this.twoChannels.withBean("greeter", String.class, () -> "mine").run((context) -> {
			assertThat(context.getBean("greeter")).isEqualTo("mine");
			assertThat(context.getBean(ClientConns.class).get("greeter").target()).isEqualTo("static:127.0.0.1:1");
		});
	}

	@Test
	void clientConnsKnowsTheChannels() {
		this.twoChannels.run((context) -> {
			ClientConns clientConns = context.getBean(ClientConns.class);
			assertThat(clientConns.names()).containsExactly("greeter", "order-history");
			assertThat(clientConns.get("greeter")).isSameAs(context.getBean("greeterClientConn"));
			assertThatIllegalArgumentException().isThrownBy(() -> clientConns.get("greter"))
				.withMessageContaining("greter")
				.withMessageContaining("[greeter, order-history]");
			assertThat(clientConns.find("greeter")).containsSame(clientConns.get("greeter"));
			assertThat(clientConns.find("greter")).isEmpty();
			List<String> visited = new ArrayList<>();
			clientConns.forEach((name, conn) -> visited.add(name + " " + conn.target()));
			assertThat(visited).containsExactly("greeter static:127.0.0.1:1", "order-history static:127.0.0.1:2");
		});
	}

	@Test
	void whenDisabledThereAreNoBeans() {
		this.twoChannels.withPropertyValues("clientconn.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(ClientConn.class);
			assertThat(context).doesNotHaveBean(ClientConns.class);
		});
	}

	@Test
	void withoutChannelsThereAreNoConnections() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(ClientConn.class);
			assertThat(context.getBean(ClientConns.class).names()).isEmpty();
		});
	}

	@Test
	void aLazyChannelTouchesNothingBeforeItsFirstCall() {
		RecordingResolver resolver = new RecordingResolver();
		recorded(resolver).run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			assertThat(resolver.resolved).isEmpty();
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.IDLE);

			TestCalls.start(conn);

			Awaitility.await()
				.atMost(Duration.ofSeconds(5))
				.untilAsserted(() -> assertThat(resolver.resolved).containsExactly("recorded:///greeter"));
		});
	}

	@Test
	void anEagerChannelStartsWithTheApplication() {
		RecordingResolver resolver = new RecordingResolver();
		recorded(resolver).withPropertyValues("clientconn.defaults.connect.mode=eager")
			.run((context) -> Awaitility.await()
				.atMost(Duration.ofSeconds(5))
				.untilAsserted(() -> assertThat(resolver.resolved).hasSize(1)));
	}

	@Test
	void aBlockingChannelIsReadyOnceTheApplicationHasStarted() throws Exception {
		Server server = NettyServerBuilder.forPort(0).build().start();
		try {
			recorded(new RecordingResolver(Address.of("127.0.0.1", server.getPort())))
				.withPropertyValues("clientconn.channels.greeter.connect.mode=block")
				.run((context) -> assertThat(context.getBean(ClientConn.class).getState(false))
					.isEqualTo(ConnectivityState.READY));
		}
		finally {
			server.shutdownNow().awaitTermination();
		}
	}

	@Test
	void connectionsAreClosedWithTheContext() {
		List<ClientConn> conns = new ArrayList<>();
		this.twoChannels.run((context) -> conns.addAll(context.getBeansOfType(ClientConn.class).values()));

		assertThat(conns).hasSize(2).allMatch(ClientConn::isTerminated);
	}

	@Test
	void connectionsOutliveTheWebServersGracefulShutdown() {
		this.twoChannels.run((context) -> {
			ClientConnLifecycle lifecycle = context.getBean(ClientConnLifecycle.class);
			assertThat(lifecycle.getPhase()).isLessThan(Integer.MAX_VALUE - 2048);
			assertThat(lifecycle.isPauseable()).isFalse();
		});
	}

	@Test
	void customizersApplyInOrderAfterTheProperties() {
		this.twoChannels.withPropertyValues("clientconn.defaults.authority=properties")
			.withUserConfiguration(Customizers.class)
			.run((context) -> {
				ClientConns clientConns = context.getBean(ClientConns.class);
				assertThat(clientConns.get("greeter").authority()).isEqualTo("second");
				assertThat(clientConns.get("order-history").authority()).isEqualTo("properties");
			});
	}

	private ApplicationContextRunner recorded(RecordingResolver resolver) {
		return this.runner.withBean(RecordingResolver.class, () -> resolver)
			.withPropertyValues("clientconn.channels.greeter.target=recorded:///greeter",
					"clientconn.channels.greeter.insecure=true");
	}

	@Configuration(proxyBeanMethods = false)
	static class Clients {

		@Autowired
		@Qualifier("greeter")
		ClientConn greeter;

		@Autowired
		@Qualifier("order-history")
		ClientConn history;

	}

	@Configuration(proxyBeanMethods = false)
	static class SameName {

		@Bean
		ClientConn greeterClientConn() {
			return ClientConn.dial("static:127.0.0.1:3", DialOptions.builder().insecure().lazy(true).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SameQualifier {

		@Bean
		@Qualifier("greeter")
		ClientConn mine() {
			return ClientConn.dial("static:127.0.0.1:3", DialOptions.builder().insecure().lazy(true).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnection {

		@Bean
		ClientConn ownConnection() {
			return ClientConn.dial("static:127.0.0.1:3", DialOptions.builder().insecure().build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		@Order(2)
		DialOptionsCustomizer second() {
			return (channel, builder) -> {
				if (channel.equals("greeter")) {
					builder.authority("second");
				}
			};
		}

		@Bean
		@Order(1)
		DialOptionsCustomizer first() {
			return (channel, builder) -> {
				if (channel.equals("greeter")) {
					builder.authority("first");
				}
			};
		}

	}

}
