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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.springgrpc.SharedStubsTests.Recorder;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what docs/stubs.md shows, and looks for the properties that it names.
 */
class StubsDocTests {

	private static final Pattern CODE = Pattern.compile("`([a-z][a-z-]*(?:\\.[a-z-]+)*)(?::[^`]*)?`");

	private final EchoServer server = EchoServer.started();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.echo.target=static:" + this.server.address(),
				"clientconn.channels.echo.insecure=true");

	private final ApplicationContextRunner withSpringGrpc = this.runner
		.withConfiguration(AutoConfigurations.of(GrpcClientAutoConfiguration.class,
				ClientConnSpringGrpcAutoConfiguration.class, CompositeChannelFactoryAutoConfiguration.class));

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void aBeanOfYourOwn() {
		this.runner.withUserConfiguration(OwnStub.class)
			.run((context) -> assertThat(context.getBean(EchoGrpc.EchoBlockingStub.class)
				.unary(EchoRequest.getDefaultInstance())
				.getServer()).isEqualTo("" + this.server.port()));
	}

	@Test
	void springGrpc() {
		this.withSpringGrpc.withUserConfiguration(EchoClients.class).run((context) -> {
			context.getBean(EchoGrpc.EchoBlockingStub.class).unary(EchoRequest.getDefaultInstance());
			assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isOne();
		});
	}

	@Test
	void aChannelOfYourOwn() {
		this.withSpringGrpc.withBean(Audited.class).run((context) -> {
			Audited audited = context.getBean(Audited.class);
			EchoGrpc.newBlockingStub(audited.open()).unary(EchoRequest.getDefaultInstance());
			assertThat(audited.log).containsExactly("audit");
		});
	}

	@Test
	void thePropertiesToMigrateToExist() throws Exception {
		String metadata = Files
			.readString(Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json"));
		String page = Files.readString(Path.of("..", "docs", "stubs.md"));
		Set<String> named = new LinkedHashSet<>();
		page.substring(page.indexOf("## Coming from"))
			.lines()
			.filter((line) -> line.startsWith("|"))
			.map((row) -> CODE.matcher(row.split("\\|")[2]))
			.flatMap(Matcher::results)
			.map((code) -> code.group(1))
			.filter(StubsDocTests::isLeaf)
			.forEach(named::add);
		assertThat(named).contains("target", "call.deadline", "connect.mode", "shutdown.grace-period");
		assertThat(named).allSatisfy((leaf) -> assertThat(metadata).contains("\"clientconn.defaults." + leaf + "\""));
	}

	private static boolean isLeaf(String code) {
		return !code.startsWith("clientconn") && !Set.of("static", "dns", "discovery").contains(code);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStub {

		@Bean
		EchoGrpc.EchoBlockingStub echoStub(@Qualifier("echo") ClientConn echo) {
			return EchoGrpc.newBlockingStub(echo);
		}

	}

	static class Audited {

		final List<String> log = new ArrayList<>();

		private final GrpcChannelFactory channels;

		Audited(GrpcChannelFactory channels) {
			this.channels = channels;
		}

		ManagedChannel open() {
			ManagedChannel channel = this.channels.createChannel("echo",
					ChannelBuilderOptions.defaults().withInterceptors(List.of(new Recorder("audit", this.log))));
			return channel;
		}

	}

}
