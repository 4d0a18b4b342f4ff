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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.test.EchoGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.grpc.client.ImportGrpcClients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Starts an application without grpc-netty, whose stub has a wrong target, and reads what
 * it prints.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnservedTargetFailureAnalyzerTests {

	@Test
	void aMistypedTargetFailsTheStartWithTheNamesThatAreThere(CapturedOutput output) {
		SpringApplication application = new SpringApplication(
				new DefaultResourceLoader(
						new FilteredClassLoader(NettyChannelBuilder.class, InProcessChannelBuilder.class)),
				Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);

		assertThatException().isThrownBy(
				() -> application
					.run("--spring.main.banner-mode=off", "--clientconn.channels.greeter.target=static:127.0.0.1:1",
							"--clientconn.channels.greeter.insecure=true")
					.close());

		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START")
			.contains("the target 'greter'")
			.contains("Channels: [greeter]")
			.contains("'clientconn.channels.greter'")
			.contains("io.grpc:grpc-netty");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
			GrpcClientAutoConfiguration.class, ClientConnSpringGrpcAutoConfiguration.class,
			CompositeChannelFactoryAutoConfiguration.class })
	@ImportGrpcClients(target = "greter", types = EchoGrpc.EchoBlockingStub.class)
	static class Application {

		@Bean
		Object userOfTheStub(EchoGrpc.EchoBlockingStub stub) {
			return stub.toString();
		}

	}

}
