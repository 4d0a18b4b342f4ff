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

package dev.clientconn.sample;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.util.TestSocketUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Does over HTTP what the quickstart tells the reader to do with Eureka, in shortened
 * time: Eureka is asked every second in place of every five, and its client a hundred
 * times as often as in the profile.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "eureka.client.registry-fetch-interval-seconds=1",
				"eureka.client.cache-refresh-executor-exponential-back-off-bound=1",
				"clientconn.channels.greeter.discovery.poll-interval=50ms" })
@ActiveProfiles("eureka")
class EurekaProfileTests {

	/** As many as there are in ten minutes at the profile's interval of five seconds. */
	private static final int LOOKUPS_IN_TEN_MINUTES = 120;

	@Autowired
	private LookupCounter lookups;

	@Value("${sample.eureka-port}")
	private int eurekaPort;

	private SampleClient sample;

	@DynamicPropertySource
	static void eurekaPort(DynamicPropertyRegistry registry) {
		int port = TestSocketUtils.findAvailableTcpPort();
		registry.add("sample.eureka-port", () -> port);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.sample = new SampleClient(port);
	}

	@Test
	void addedBackendTakesCalls() throws Exception {
		for (int i = 0; i < 10; i++) {
			assertThat(this.sample.greet()).isPositive();
		}

		int added = addBackend();

		awaitGreetingOf(added);
	}

	@Test
	void tenMinutesWithoutEurekaCostNoCall() throws Exception {
		int before = addBackend();
		awaitGreetingOf(before);
		try (Load load = new Load(this.sample)) {
			this.sample.post("/registry/stop");
			assertThat(JsonPath.<Boolean>read(this.sample.get("/registry").body(), "$.running")).isFalse();
			assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> new SampleClient(this.eurekaPort).get("/eureka/apps"));
			int during = addBackend();

			this.lookups.await(LOOKUPS_IN_TEN_MINUTES);

			awaitGreetingOf(before);
			assertThat(JsonPath.<String>read(this.sample.get("/actuator/health/clientconn/greeter").body(), "$.status"))
				.isEqualTo("UP");

			this.sample.post("/registry/start");
			awaitGreetingOf(during);
			awaitGreetingOf(addBackend());
		}
	}

	private int addBackend() throws IOException, InterruptedException {
		return JsonPath.read(this.sample.post("/backends").body(), "$.number");
	}

	private void awaitGreetingOf(int backend) {
		await().until(this.sample::greet, (number) -> number == backend);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(5));
	}

	/** Greets without a pause, from two threads. */
	private static final class Load implements AutoCloseable {

		private final AtomicBoolean ended = new AtomicBoolean();

		private final ExecutorService threads = Executors.newFixedThreadPool(2);

		private final List<Future<Integer>> callers;

		Load(SampleClient sample) {
			Callable<Integer> caller = () -> {
				int greetings = 0;
				while (!this.ended.get()) {
					sample.greet(); // Fails on any answer but a greeting.
					greetings++;
				}
				return greetings;
			};
			this.callers = List.of(this.threads.submit(caller), this.threads.submit(caller));
		}

		@Override
		public void close() throws Exception {
			this.ended.set(true);
			this.threads.shutdown();
			for (Future<Integer> caller : this.callers) {
				assertThat(caller.get()).isPositive();
			}
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class CounterConfiguration {

		@Bean
		LookupCounter lookupCounter() {
			return new LookupCounter();
		}

	}

	/** Is asked before Eureka's client, knows nothing, and counts. */
	static final class LookupCounter implements DiscoveryClient {

		private final AtomicInteger lookups = new AtomicInteger();

		void await(int more) {
			int before = this.lookups.get();
			EurekaProfileTests.await().until(this.lookups::get, (now) -> now >= before + more);
		}

		@Override
		public List<ServiceInstance> getInstances(String serviceId) {
			this.lookups.incrementAndGet();
			return List.of();
		}

		@Override
		public List<String> getServices() {
			return List.of();
		}

		@Override
		public String description() {
			return "counts look-ups";
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

	}

}
