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

package dev.clientconn.spring.boot.test;

import java.util.Map;

import dev.clientconn.spring.boot.test.EchoApplication.EchoClient;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Loads contexts as the tests of several classes in a row would.
 */
class ContextCacheTests {

	@Test
	void equalAnnotationsShareAContext() {
		assertThat(load(First.class)).isSameAs(load(Second.class));
	}

	@Test
	void contextsSideBySideHaveTheirOwnServers() {
		ApplicationContext first = load(First.class);
		ApplicationContext other = load(Other.class);

		assertThat(first).isNotSameAs(other);
		assertThat(first.getBean(TestBackend.class).port()).isNotEqualTo(other.getBean(TestBackend.class).port());
		assertThat(other.getBean(EchoClient.class).echo("other")).isEqualTo("other");
		assertThat(load(First.class).getBean(EchoClient.class).echo("first")).isEqualTo("first");
	}

	@Test
	void aMistypedChannelFails() {
		assertThatIllegalStateException().isThrownBy(() -> load(Mistyped.class))
			.havingRootCause()
			.withMessageContaining("channels [ekho]")
			.withMessageContaining("some of [echo, audit]");
	}

	@Test
	void aContextWithoutServicesFails() {
		assertThatIllegalStateException().isThrownBy(() -> load(WithoutServices.class))
			.havingRootCause()
			.withMessageContaining("no BindableService bean");
	}

	@Test
	void anApplicationWithoutServerFails() {
		assertThatIllegalStateException().isThrownBy(() -> load(WithoutServer.class))
			.havingRootCause()
			.withMessageContaining("has not started a gRPC server");
	}

	@Test
	void aServerThatIsNotSpringGrpcsIsFoundByItsProperty() {
		ApplicationContext context = load(OtherServer.class);

		assertThat(context.getBean(EchoClient.class).echo("other")).isEqualTo("other");
	}

	private static ApplicationContext load(Class<?> testClass) {
		return new TestContextManager(testClass).getTestContext().getApplicationContext();
	}

	@SpringBootTest(classes = { EchoApplication.class, EchoService.class })
	@AutoConfigureTestClientConn(channels = { "echo", "audit" })
	static class First {

	}

	@SpringBootTest(classes = { EchoApplication.class, EchoService.class })
	@AutoConfigureTestClientConn(channels = { "audit", "echo" })
	static class Second {

	}

	@SpringBootTest(classes = { EchoApplication.class, EchoService.class })
	@AutoConfigureTestClientConn(channels = "echo")
	static class Other {

	}

	@SpringBootTest(classes = { EchoApplication.class, EchoService.class })
	@AutoConfigureTestClientConn(channels = "ekho")
	static class Mistyped {

	}

	@SpringBootTest(classes = EchoApplication.class)
	@AutoConfigureTestClientConn
	static class WithoutServices {

	}

	@SpringBootTest(classes = EchoApplication.class, properties = "spring.grpc.server.enabled=false")
	@AutoConfigureTestClientConn(server = AutoConfigureTestClientConn.Server.APPLICATION)
	static class WithoutServer {

	}

	@SpringBootTest(classes = { EchoApplication.class, OtherServer.Server.class },
			properties = "spring.grpc.server.enabled=false")
	@AutoConfigureTestClientConn(server = AutoConfigureTestClientConn.Server.APPLICATION)
	static class OtherServer {

		/** Starts on its own, and tells of its port as such servers do. */
		@TestConfiguration(proxyBeanMethods = false)
		static class Server {

			@Bean
			TestBackend otherServer(ConfigurableEnvironment environment) {
				TestBackend backend = TestBackend.of(new EchoService()).start();
				environment.getPropertySources()
					.addFirst(new MapPropertySource("other", Map.of("local.grpc.server.port", backend.port())));
				return backend;
			}

		}

	}

}
