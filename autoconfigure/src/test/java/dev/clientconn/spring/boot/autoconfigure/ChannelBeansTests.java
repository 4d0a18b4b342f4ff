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

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

import dev.clientconn.DialOptions;
import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnCredentialsAutoConfiguration;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Codec;
import io.grpc.MethodDescriptor;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which beans of an application a channel uses, and in which order.
 */
class ChannelBeansTests {

	private final CapturedOptions captured = new CapturedOptions();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class))
		.withBean(CapturedOptions.class, () -> this.captured)
		.withPropertyValues("clientconn.events.enabled=false", "clientconn.channels.greeter.target=static:127.0.0.1:1",
				"clientconn.channels.greeter.insecure=true", "clientconn.channels.billing.target=static:127.0.0.1:1",
				"clientconn.channels.billing.insecure=true");

	@Test
	void aQualifierRestrictsABeanOfAnyKindToItsChannel() {
		this.runner.withUserConfiguration(Kinds.class)
			.withPropertyValues("clientconn.channels.billing.balancer.policy=own")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				DialOptions billing = this.captured.of("billing");
				DialOptions greeter = this.captured.of("greeter");
				assertThat(billing).extracting("perRpcCredentials").asList().hasSize(1);
				assertThat(greeter).extracting("perRpcCredentials").asList().isEmpty();
				assertThat(billing).extracting("statsHandlers").asList().hasSize(2);
				assertThat(greeter).extracting("statsHandlers").asList().containsExactly(context.getBean("statsOfAll"));
				assertThat(billing).extracting("compressors").asList().containsExactly(context.getBean("codec"));
				assertThat(billing).extracting("decompressors").asList().containsExactly(context.getBean("codec"));
				assertThat(greeter).extracting("decompressors").asList().isEmpty();
				assertThat(billing).extracting("balancer").isSameAs(context.getBean("ownBalancer"));
			});
	}

	@Test
	void credentialsThatAPropertyNamesAreForTheChannelsThatNameThem() {
		this.runner.withConfiguration(AutoConfigurations.of(ClientConnCredentialsAutoConfiguration.class))
			.withBean("named", PerRpcCredentials.class,
					() -> new PerRpcCredentials(Mockito.mock(CallCredentials.class), false))
			.withPropertyValues("clientconn.channels.billing.credentials.bean=named")
			.run((context) -> {
				assertThat(this.captured.of("billing")).extracting("perRpcCredentials").asList().hasSize(1);
				assertThat(this.captured.of("greeter")).extracting("perRpcCredentials").asList().isEmpty();
			});
	}

	@Test
	void credentialsThatNeedTlsTellHowToKeepThemFromAPlaintextChannel() {
		this.runner
			.withBean("secret", PerRpcCredentials.class,
					() -> PerRpcCredentials.of(Mockito.mock(CallCredentials.class)))
			.run((context) -> assertThat(context.getStartupFailure().getCause())
				.asInstanceOf(InstanceOfAssertFactories.type(ClientConnConfigurationException.class))
				.satisfies((refusal) -> assertThat(refusal.getAction()).contains("as its qualifier")));
	}

	/** As the failure analysis says, and as the test support relies on. */
	@Test
	void whetherCredentialsOfABeanNeedTlsMayBeSetByAProperty() {
		this.runner
			.withBean("secret", PerRpcCredentials.class,
					() -> PerRpcCredentials.of(Mockito.mock(CallCredentials.class)))
			.withPropertyValues("clientconn.defaults.credentials.require-tls=false")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				PerRpcCredentials bean = context.getBean(PerRpcCredentials.class);
				assertThat(this.captured.of("greeter")).extracting("perRpcCredentials")
					.asList()
					.containsExactly(new PerRpcCredentials(bean.credentials(), false));
			});
	}

	@Test
	void aPolicyOfAnotherChannelIsUnknown() {
		this.runner.withUserConfiguration(Kinds.class)
			.withPropertyValues("clientconn.channels.greeter.balancer.policy=own")
			.run((context) -> assertThat(context.getStartupFailure()).hasStackTraceContaining("unknown policy"));
	}

	@Test
	void aBeanCompressorIsChosenByItsName() {
		this.runner.withUserConfiguration(Kinds.class)
			.withPropertyValues("clientconn.channels.billing.call.compression=own")
			.run((context) -> assertThat(this.captured.of("billing")).extracting("compressor")
				.isSameAs(context.getBean("codec")));
	}

	@Test
	void interceptorsAreGlobalOnesInOrderThenNamedOnesThenMetadata() {
		this.runner.withUserConfiguration(Interceptors.class)
			.withPropertyValues("clientconn.defaults.interceptors=third,first",
					"clientconn.channels.greeter.call.metadata.x-a=b", "clientconn.channels.billing.interceptors=")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(names(this.captured.of("greeter"), "unaryInterceptors")).containsExactly("one", "two",
						"third", "first", "StaticMetadata[x-a]");
				assertThat(names(this.captured.of("greeter"), "streamInterceptors"))
					.isEqualTo(names(this.captured.of("greeter"), "unaryInterceptors"));
				assertThat(names(this.captured.of("billing"), "unaryInterceptors")).containsExactly("one", "billing",
						"two");
			});
	}

	@Test
	void customizersForSomeChannels() {
		this.runner
			.withBean("one", DialOptionsCustomizer.class,
					() -> DialOptionsCustomizer.forChannel("greeter", (builder) -> builder.authority("one")))
			.withBean("some", DialOptionsCustomizer.class,
					() -> DialOptionsCustomizer.matching("b.*", (builder) -> builder.authority("some")))
			.run((context) -> {
				assertThat(context.getBean(ClientConns.class).get("greeter").authority()).isEqualTo("one");
				assertThat(context.getBean(ClientConns.class).get("billing").authority()).isEqualTo("some");
			});
	}

	private static List<String> names(DialOptions options, String field) {
		return assertThat(options).extracting(field).asList().actual().stream().map(Object::toString).toList();
	}

	private record Named(String name) implements ClientInterceptor {

		@Override
		public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
				CallOptions options, Channel next) {
			return next.newCall(method, options);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Interceptors {

		@Bean
		ClientInterceptor first() {
			return new Named("first");
		}

		@Bean
		ClientInterceptor third() {
			return new Named("third");
		}

		@Bean
		@Order(3)
		@GlobalClientInterceptor
		ClientInterceptor globalTwo() {
			return new Named("two");
		}

		@Bean
		@Order(2)
		@GlobalClientInterceptor
		@Qualifier("billing")
		ClientInterceptor globalOfBilling() {
			return new Named("billing");
		}

		@Bean
		@Order(1)
		@Scope("prototype")
		@GlobalClientInterceptor
		ClientInterceptor globalOne() {
			return new Named("one");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Kinds {

		@Bean
		@Qualifier("billing")
		PerRpcCredentials credentials() {
			return new PerRpcCredentials(Mockito.mock(CallCredentials.class), false);
		}

		@Bean
		@Qualifier("billing")
		StatsHandler statsOfBilling() {
			return Mockito.mock(StatsHandler.class);
		}

		@Bean
		StatsHandler statsOfAll() {
			return Mockito.mock(StatsHandler.class);
		}

		@Bean
		@Qualifier("billing")
		Codec codec() {
			return new OwnCodec();
		}

		@Bean
		@Qualifier("billing")
		BalancerProvider ownBalancer() {
			return new BalancerProvider() {

				@Override
				public String policy() {
					return "own";
				}

				@Override
				public Balancer newBalancer() {
					return Balancers.forPolicy("pick_first").newBalancer();
				}

			};
		}

	}

	private static final class OwnCodec implements Codec {

		@Override
		public String getMessageEncoding() {
			return "own";
		}

		@Override
		public OutputStream compress(OutputStream out) {
			return out;
		}

		@Override
		public InputStream decompress(InputStream in) {
			return in;
		}

	}

}
