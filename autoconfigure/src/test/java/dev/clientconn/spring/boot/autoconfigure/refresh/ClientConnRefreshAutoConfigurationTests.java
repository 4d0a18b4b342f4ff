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

package dev.clientconn.spring.boot.autoconfigure.refresh;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import dev.clientconn.spring.boot.autoconfigure.discovery.ClientConnDiscoveryAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which changes are followed, and where nothing is.
 */
class ClientConnRefreshAutoConfigurationTests extends RefreshScenario {

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
