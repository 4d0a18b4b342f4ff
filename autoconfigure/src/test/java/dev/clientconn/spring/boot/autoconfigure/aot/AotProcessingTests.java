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

package dev.clientconn.spring.boot.autoconfigure.aot;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ChannelProperties;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aot.AotDetector;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code process-aot} does in a build, then the start of what it has generated: the
 * auto-configurations are evaluated at build time, and the application starts from
 * generated code.
 */
@CompileWithForkedClassLoader
class AotProcessingTests {

	private static final String[] BUILD_TIME = { "clientconn.channels.greeter.target=static:127.0.0.1:1",
			"clientconn.channels.greeter.insecure=true", "clientconn.channels.order-history.target=static:127.0.0.1:1",
			"clientconn.channels.order-history.insecure=true",
			"clientconn.channels.order-history.credentials.bearer.token=build",
			"clientconn.channels.order-history.credentials.require-tls=false" };

	private static final String NO_NATIVE = "io.netty.transport.noNative";

	private Server server;

	@BeforeEach
	void start() throws Exception {
		// A native library that ends with the forked loader would break Netty in others.
		System.setProperty(NO_NATIVE, "true");
		this.server = NettyServerBuilder.forPort(0).build().start();
	}

	@AfterEach
	void stop() throws Exception {
		System.clearProperty(AotDetector.AOT_ENABLED);
		System.clearProperty(NO_NATIVE);
		this.server.shutdownNow().awaitTermination();
	}

	@Test
	void theGeneratedApplicationCallsThroughItsChannels() {
		TestGenerationContext generated = process();
		TestCompiler.forSystem().with(generated).compile((compiled) -> {
			System.setProperty(AotDetector.AOT_ENABLED, "true");
			try (ConfigurableApplicationContext context = run(compiled.getClassLoader())) {
				assertThat(context
					.containsBean("org.springframework.context.annotation.internalConfigurationAnnotationProcessor"))
					.as("configuration classes are not read at run time")
					.isFalse();
				ClientConns clientConns = context.getBean(ClientConns.class);
				assertThat(clientConns.names()).containsExactlyInAnyOrder("greeter", "order-history");
				assertThat(context.getBean(AotApplication.Greetings.class).greeter())
					.isSameAs(clientConns.get("greeter"));
				for (String name : clientConns.names()) {
					ClientConn conn = clientConns.get(name);
					assertThat(conn.target()).isEqualTo("static:127.0.0.1:" + this.server.getPort());
					assertThat(TestCalls.start(conn).join().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
				}
			}
		});
	}

	@Test
	void everyPropertiesClassCanBeBoundInANativeImage() throws Exception {
		RuntimeHints hints = process().getRuntimeHints();
		for (Class<?> type : propertiesClasses()) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructor()))
				.as("constructor of " + type.getName())
				.accepts(hints);
			for (Method method : type.getDeclaredMethods()) {
				if (!method.getName().matches("(get|set|is)[A-Z].*")) {
					continue;
				}
				assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method)).as(method.toString())
					.accepts(hints);
			}
		}
	}

	@Test
	void everyTransportCanBeMadeInANativeImage() throws Exception {
		RuntimeHints hints = process().getRuntimeHints();
		for (Class<?> channel : List.of(NioSocketChannel.class, NioDomainSocketChannel.class, EpollSocketChannel.class,
				EpollDomainSocketChannel.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(channel.getConstructor()))
				.as(channel.getName())
				.accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(EpollSocketChannel.class.getConstructor(SocketProtocolFamily.class)))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Epoll.class.getMethod("isAvailable")))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(EpollIoHandler.class.getMethod("newFactory")))
			.accepts(hints);
	}

	/** Found by their getters, so that a new one cannot be forgotten. */
	private static Set<Class<?>> propertiesClasses() {
		Set<Class<?>> found = new LinkedHashSet<>();
		collect(ClientConnProperties.class, found);
		collect(ChannelProperties.class, found);
		assertThat(found).hasSizeGreaterThan(10);
		return found;
	}

	private static void collect(Class<?> type, Set<Class<?>> found) {
		if (found.add(type)) {
			for (Method getter : type.getDeclaredMethods()) {
				Class<?> nested = getter.getReturnType();
				if (nested.getName().startsWith("dev.clientconn.") && !nested.isEnum()
						&& getter.getParameterCount() == 0) {
					collect(nested, found);
				}
			}
		}
	}

	private static TestGenerationContext process() {
		TestGenerationContext generation = new TestGenerationContext(AotApplication.class);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(AotApplication.class);
		TestPropertyValues.of(BUILD_TIME).applyTo(context);
		System.setProperty(AbstractAotProcessor.AOT_PROCESSING, "true");
		try {
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		finally {
			System.clearProperty(AbstractAotProcessor.AOT_PROCESSING);
		}
		generation.writeGeneratedContent();
		return generation;
	}

	private ConfigurableApplicationContext run(ClassLoader classLoader) {
		SpringApplication application = new SpringApplication(new DefaultResourceLoader(classLoader),
				AotApplication.class);
		application.setMainApplicationClass(AotApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> args = new ArrayList<>(List.of("--spring.main.banner-mode=off"));
		for (String property : BUILD_TIME) {
			args.add("--" + property.replace("127.0.0.1:1", "127.0.0.1:" + this.server.getPort()));
		}
		return application.run(args.toArray(String[]::new));
	}

}
