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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcChannelFactoryCustomizer;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.grpc.client.ClientInterceptorsConfigurer;
import org.springframework.grpc.client.CompositeGrpcChannelFactory;
import org.springframework.grpc.client.DefaultGrpcChannelFactory;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.client.ImportGrpcClients;
import org.springframework.grpc.client.InProcessGrpcChannelFactory;
import org.springframework.grpc.client.NettyGrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which factory serves which target, with Boot's own auto-configurations around ours.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientConnSpringGrpcAutoConfigurationTests {

	private final EchoServer server = EchoServer.started();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				GrpcClientAutoConfiguration.class, ClientConnSpringGrpcAutoConfiguration.class,
				CompositeChannelFactoryAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.echo.target=static:" + this.server.address(),
				"clientconn.channels.echo.insecure=true");

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void nextToNettyOursServesTheNamesOfChannelsAndNettyTheRest() {
		this.runner.withUserConfiguration(Stubs.class)
			.withPropertyValues("direct=static://127.0.0.1:" + this.server.port())
			.run((context) -> {
				assertThat(context).hasSingleBean(NettyGrpcChannelFactory.class);
				assertThat(context.getBean(GrpcChannelFactory.class)).isInstanceOf(CompositeGrpcChannelFactory.class);

				call(context.getBean("namedEchoBlockingStub", EchoGrpc.EchoBlockingStub.class));

				assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isOne();
				assertThat(this.server.connections()).isOne();

				call(context.getBean("directEchoBlockingStub", EchoGrpc.EchoBlockingStub.class));

				assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isOne();
				assertThat(this.server.connections()).isEqualTo(2);
			});
	}

	@Test
	void withoutAnyTransportOursIsTheOnlyFactory() {
		this.runner.withUserConfiguration(Stubs.class)
			.withClassLoader(new FilteredClassLoader(NettyChannelBuilder.class, InProcessChannelBuilder.class))
			.run((context) -> {
				assertThat(context.getBean(GrpcChannelFactory.class)).isInstanceOf(ClientConnGrpcChannelFactory.class);

				call(context.getBean("namedEchoBlockingStub", EchoGrpc.EchoBlockingStub.class));

				assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isOne();
			});
	}

	@Test
	void inProcessTargetsStayInProcess() {
		this.runner.withClassLoader(new FilteredClassLoader(NettyChannelBuilder.class)).run((context) -> {
			assertThat(context).hasSingleBean(InProcessGrpcChannelFactory.class);
			GrpcChannelFactory factory = context.getBean(GrpcChannelFactory.class);
			assertThat(factory.createChannel("in-process:echo")).isNotInstanceOf(SharedChannel.class);
			assertThat(factory.createChannel("echo")).isInstanceOf(SharedChannel.class);
		});
	}

	@Test
	void aChannelMayBeCalledDefaultAndATargetMayBeAPlaceholder() {
		this.runner
			.withPropertyValues("clientconn.channels.default.target=static:" + this.server.address(),
					"clientconn.channels.default.insecure=true", "which=default")
			.run((context) -> {
				GrpcChannelFactory factory = context.getBean(GrpcChannelFactory.class);
				ClientConn defaultConn = context.getBean("defaultClientConn", ClientConn.class);

				call(EchoGrpc.newBlockingStub(factory.createChannel("default")));
				call(EchoGrpc.newBlockingStub(factory.createChannel("${which}")));

				assertThat(defaultConn.snapshot().callsStarted()).isEqualTo(2);
			});
	}

	@Test
	void propertiesOfBootForTheSameNameAreNotUsedAndThatIsSaid(CapturedOutput output) {
		this.runner
			.withPropertyValues("spring.grpc.client.channel.echo.target=static://127.0.0.1:1",
					"spring.grpc.client.channel.other.target=static://127.0.0.1:1")
			.run((context) -> call(
					EchoGrpc.newBlockingStub(context.getBean(GrpcChannelFactory.class).createChannel("echo"))));

		assertThat(output).contains("spring.grpc.client.channel.echo.* is not used")
			.doesNotContain("spring.grpc.client.channel.other");
	}

	@Test
	void bootsTestTransportStaysAlone() {
		this.runner.withUserConfiguration(TestTransport.class)
			.withPropertyValues("spring.grpc.client.channelfactory.enabled=false")
			.run((context) -> assertThat(context.getBean(GrpcChannelFactory.class)).isInstanceOf(EveryTarget.class));
	}

	@Test
	void aPrimaryFactoryOfTheApplicationWins() {
		this.runner.withUserConfiguration(OwnPrimaryFactory.class).run((context) -> {
			assertThat(context).doesNotHaveBean(CompositeGrpcChannelFactory.class);
			assertThat(context.getBean(GrpcChannelFactory.class)).isInstanceOf(EveryTarget.class);
		});
	}

	@Test
	void factoryCustomizersReachOurFactoryToo() {
		this.runner.withUserConfiguration(Customized.class).run((context) -> {
			ClientConnGrpcChannelFactory factory = context.getBean(ClientConnGrpcChannelFactory.class);
			assertThat(factory.supports((io.grpc.ClientInterceptor) null)).isFalse();
		});
	}

	@Test
	void backsOffWhereItIsNotWanted() {
		for (String property : new String[] { "clientconn.spring-grpc.enabled=false", "clientconn.enabled=false",
				"spring.grpc.client.enabled=false" }) {
			this.runner.withPropertyValues(property)
				.run((context) -> assertThat(context).as(property)
					.hasNotFailed()
					.doesNotHaveBean(ClientConnGrpcChannelFactory.class));
		}
	}

	@Test
	void backsOffWithoutSpringGrpcAndWithoutBootsModuleForIt() {
		for (Class<?> missing : new Class<?>[] { GrpcChannelFactory.class, GrpcChannelFactoryCustomizer.class }) {
			this.runner.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).as(missing.getName())
					.hasNotFailed()
					.hasSingleBean(ClientConn.class)
					.doesNotHaveBean("clientConnGrpcChannelFactory"));
		}
	}

	private void call(EchoGrpc.EchoBlockingStub stub) {
		assertThat(stub.unary(EchoRequest.getDefaultInstance()).getServer())
			.isEqualTo(String.valueOf(this.server.port()));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportGrpcClients(target = "echo", prefix = "named", types = EchoGrpc.EchoBlockingStub.class)
	@ImportGrpcClients(target = "${direct}", prefix = "direct", types = EchoGrpc.EchoBlockingStub.class)
	static class Stubs {

	}

	/** As Boot's {@code @AutoConfigureTestGrpcTransport} does it. */
	@Configuration(proxyBeanMethods = false)
	static class TestTransport {

		@Bean
		EveryTarget testGrpcChannelFactory(ClientInterceptorsConfigurer interceptors) {
			return new EveryTarget(interceptors);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPrimaryFactory {

		@Bean
		@Primary
		EveryTarget ownFactory(ClientInterceptorsConfigurer interceptors) {
			return new EveryTarget(interceptors);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		GrpcChannelFactoryCustomizer noInterceptors() {
			return (factory) -> ((DefaultGrpcChannelFactory<?>) factory).setInterceptorFilter((interceptor) -> false);
		}

	}

	static class EveryTarget extends DefaultGrpcChannelFactory<InProcessChannelBuilder> {

		EveryTarget(ClientInterceptorsConfigurer interceptors) {
			super(java.util.List.of(), interceptors);
		}

		@Override
		public boolean supports(String target) {
			return true;
		}

	}

}
