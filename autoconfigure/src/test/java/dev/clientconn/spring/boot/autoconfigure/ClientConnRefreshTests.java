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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.discovery.ClientConnDiscoveryAutoConfiguration;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Properties that change while channels are in use.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientConnRefreshTests {

	private static final String GREETER = "clientconn.channels.greeter.";

	private static final String OTHER = "clientconn.channels.other.";

	private final EchoServer one = EchoServer.started();

	private final EchoServer two = EchoServer.started();

	private final Map<String, Object> properties = new HashMap<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, RefreshAutoConfiguration.class,
				ConfigurationPropertiesRebinderAutoConfiguration.class, ClientConnAutoConfiguration.class,
				ClientConnRefreshAutoConfiguration.class))
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("changing", this.properties)));

	ClientConnRefreshTests() {
		this.properties.put(GREETER + "target", target(this.one));
		this.properties.put(GREETER + "insecure", "true");
		this.properties.put(OTHER + "target", target(this.one));
		this.properties.put(OTHER + "insecure", "true");
	}

	@AfterEach
	void closeServers() {
		this.one.close();
		this.two.close();
	}

	@Test
	void aChangedTargetMovesTheCallsOfItsChannelOnly(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");
			int lines = output.toString().lines().toList().size();

			this.properties.put(GREETER + "target", target(this.two));
			change(context);

			await().until(() -> greeter.target().equals(target(this.two)));
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(call(other)).isEqualTo(Status.Code.UNIMPLEMENTED);
			await().until(() -> this.one.openConnections() == 1);
			assertThat(this.one.connections()).isEqualTo(2);
			assertThat(this.two.connections()).isEqualTo(1);
			assertThat(other.target()).isEqualTo(target(this.one));
			assertThat(output.toString().lines().skip(lines)).noneMatch((line) -> line.contains("other"));
		});
	}

	@Test
	void nothingHappensWhereNothingChanged(CapturedOutput output) {
		this.properties.put(OTHER + "insecure", "false");
		this.properties.put(OTHER + "ssl.enabled", "true");
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = context.getBean("otherClientConn", ClientConn.class);
			other.getState(true);
			await().until(() -> other.getState(false) == ConnectivityState.TRANSIENT_FAILURE);
			int length = output.toString().length();

			change(context);
			change(context);
			fence(context, greeter);

			assertThat(greeter.snapshot().addresses().get(0).events()).hasSize(2);
			assertThat(output.toString().substring(length)).doesNotContain("dials", "removed", "added", "last good");
		});
	}

	@Test
	void aCallSettingIsChangedInPlaceAndRemovedAgain() {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put("clientconn.defaults.call.deadline", "1ns");
			change(context);
			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);

			this.properties.remove("clientconn.defaults.call.deadline");
			change(context);
			await().until(() -> call(greeter) == Status.Code.UNIMPLEMENTED);

			this.properties.put(GREETER + "call.deadline", "1ns");
			change(context);
			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);

			this.properties.remove(GREETER + "call.deadline");
			change(context);
			await().until(() -> call(greeter) == Status.Code.UNIMPLEMENTED);
			assertThat(this.one.connections()).isEqualTo(1);
		});
	}

	@Test
	void aChangedPolicyKeepsTheConnection() {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put(GREETER + "balancer.policy", "pick-first");
			change(context);

			await().until(() -> greeter.snapshot().balancer().equals("pick_first"));
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(this.one.connections()).isEqualTo(1);
		});
	}

	@Test
	void aWrongValueIsReportedAndTheOthersAreApplied(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");

			this.properties.put(GREETER + "call.deadline", "-3s");
			this.properties.put(GREETER + "target", target(this.two));
			this.properties.put(OTHER + "target", target(this.two));
			change(context);
			change(context);

			await().until(() -> other.target().equals(target(this.two)));
			assertThat(output).contains("Channel 'greeter' keeps its last good settings.")
				.contains("Property: clientconn.channels.greeter.call.deadline")
				.contains("Value: \"-3s\"")
				.contains("expected: not negative");
			assertThat(output.toString().split("keeps its last good settings")).as("said once").hasSize(2);
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(greeter.target()).isEqualTo(target(this.one));

			this.properties.put(GREETER + "call.deadline", "3s");
			change(context);
			await().until(() -> greeter.target().equals(target(this.two)));
		});
	}

	@Test
	void aValueThatCannotBeBoundKeepsNoOtherChannelBack(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");

			this.properties.put(GREETER + "call.deadline", "soon");
			this.properties.put(OTHER + "target", target(this.two));
			// Spring Cloud fails, and tells whoever changed the environment.
			assertThat(catchThrowable(() -> change(context))).hasMessageContaining("clientconn");

			await().until(() -> other.target().equals(target(this.two)));
			assertThat(output).contains("Channel 'greeter' keeps its last good settings.")
				.contains("Property: clientconn.channels.greeter.call.deadline")
				.contains("Value: \"soon\"");
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);

			this.properties.put(GREETER + "call.deadline", "1ns");
			change(context);
			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);
		});
	}

	@Test
	void wrongDefaultsKeepAllChannelsAsTheyAre(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put("clientconn.defaults.connect.mode", "sometimes");
			this.properties.put(GREETER + "target", target(this.two));
			assertThat(catchThrowable(() -> change(context))).isNotNull();

			assertThat(output).contains("All channels keep their last good settings.")
				.contains("Property: clientconn.defaults.connect.mode");
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(greeter.target()).isEqualTo(target(this.one));
			this.properties.put("clientconn.defaults.connect.mode", "eager");
			change(context);
			await().until(() -> greeter.target().equals(target(this.two)));
		});
	}

	@Test
	void channelsThatComeAndGoNeedARestart(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn other = connected(context, "otherClientConn");

			this.properties.remove(OTHER + "target");
			this.properties.remove(OTHER + "insecure");
			this.properties.put("clientconn.channels.third.target", target(this.two));
			change(context);
			change(context);

			assertThat(output.toString().split("Channel 'other' was removed")).as("said once").hasSize(2);
			assertThat(output.toString().split("Channel 'third' was added")).as("said once").hasSize(2);
			assertThat(call(other)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(context.getBean(ClientConns.class).names()).containsExactlyInAnyOrder("greeter", "other");
		});
	}

	@Test
	void theContextRefresherOfAnApplicationIsFollowed() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addInitializers((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("changing", this.properties)));
		try (ConfigurableApplicationContext context = application.run()) {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");
			this.properties.put(GREETER + "target", target(this.two));
			this.properties.put(OTHER + "balancer.policy", "pick-first");

			context.getBean(ContextRefresher.class).refresh();

			await().until(() -> greeter.target().equals(target(this.two)));
			await().until(() -> other.snapshot().balancer().equals("pick_first"));
			await().until(() -> this.one.openConnections() == 1);
			assertThat(this.one.connections()).isEqualTo(2);
		}
	}

	@Test
	void customizersWithPropertiesOfTheirOwnAreAskedAgainAfterThoseWereBound() {
		this.properties.put("shop.agent", "shop/1");
		this.runner.withUserConfiguration(Shop.class).run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put("shop.agent", "shop/2");
			change(context);

			await().until(() -> this.one.connections() >= 2);
			await().until(() -> {
				call(greeter);
				return this.one.openConnections() == 1;
			});
			assertThat(context.getBean(ShopProperties.class).getAgent()).isEqualTo("shop/2");
		});
	}

	@Test
	void plaintextIsNeverTheResultOfARemovedChoice(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			this.properties.remove(GREETER + "insecure");
			change(context);

			assertThat(output).contains("Channel 'greeter' keeps its last good settings.")
				.contains("chooses neither TLS nor plaintext");
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
		});
	}

	@Test
	void callsGoOnWhileTheTargetChanges() {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			for (int i = 0; i < 10; i++) {
				EchoServer to = (i % 2 == 0) ? this.two : this.one;
				this.properties.put(GREETER + "target", target(to));
				change(context);
				AtomicInteger calls = new AtomicInteger();
				await().until(() -> {
					assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
					return calls.incrementAndGet() > 20 && greeter.target().equals(target(to));
				});
			}
		});
	}

	@Test
	void aChannelOfTheRegistryIsNotDialledAnewByEveryEvent() {
		this.properties.put(GREETER + "target", "discovery:///shop");
		this.runner
			.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, CommonsClientAutoConfiguration.class,
					SimpleDiscoveryClientAutoConfiguration.class, CompositeDiscoveryClientAutoConfiguration.class,
					ClientConnDiscoveryAutoConfiguration.class))
			.withPropertyValues(
					"spring.cloud.discovery.client.simple.instances.shop[0].uri=http://" + this.two.address())
			.run((context) -> {
				ClientConn greeter = connected(context, "greeterClientConn");
				change(context);
				change(context);
				fence(context, greeter);
				assertThat(this.two.connections()).isEqualTo(1);

				this.properties.put(GREETER + "discovery.poll-interval", "1m");
				change(context);
				await().until(() -> this.two.connections() == 2 && this.two.openConnections() == 1);
			});
	}

	@Test
	void itCanBeSwitchedOff() {
		this.runner.withPropertyValues("clientconn.refresh.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(EnvironmentChanges.class);
		});
	}

	@Test
	void withoutSpringCloudThereIsNothing() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
					ClientConnRefreshAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
			.withPropertyValues(GREETER + "target=" + target(this.one), GREETER + "insecure=true")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).hasBean("greeterClientConn");
				assertThat(context).doesNotHaveBean("clientConnEnvironmentChanges");
			});
	}

	@Test
	void withoutOurBeansThereIsNothing() {
		this.runner.withPropertyValues("clientconn.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EnvironmentChanges.class));
	}

	private ClientConn connected(ConfigurableApplicationContext context, String bean) {
		ClientConn conn = context.getBean(bean, ClientConn.class);
		conn.getState(true);
		await().until(() -> conn.getState(false) == ConnectivityState.READY);
		return conn;
	}

	/** The keys are empty, as those of a real event may be. */
	private static void change(ConfigurableApplicationContext context) {
		context.publishEvent(new EnvironmentChangeEvent(Set.of()));
	}

	/** A change that can be seen: what came before it has been done. */
	private void fence(ConfigurableApplicationContext context, ClientConn greeter) {
		this.properties.put(GREETER + "call.deadline", "1ns");
		change(context);
		await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);
	}

	private static Status.Code call(ClientConn conn) throws Exception {
		return TestCalls.start(conn).get().getCode();
	}

	private static String target(EchoServer server) {
		return "static:" + server.address();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
	}

	@EnableAutoConfiguration
	static class Application {

	}

	@EnableConfigurationProperties(ShopProperties.class)
	static class Shop {

		@Bean
		DialOptionsCustomizer agent(ShopProperties properties) {
			return (channel, builder) -> {
				if (channel.equals("greeter")) {
					builder.userAgent(properties.getAgent());
				}
			};
		}

	}

	@ConfigurationProperties("shop")
	public static class ShopProperties {

		private String agent;

		public String getAgent() {
			return this.agent;
		}

		public void setAgent(String agent) {
			this.agent = agent;
		}

	}

}
