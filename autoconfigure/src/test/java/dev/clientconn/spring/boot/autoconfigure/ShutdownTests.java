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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ClientConn;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The end of an application that has calls in flight.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private final GatedServer backend = new GatedServer();

	@AfterEach
	void stop() throws Exception {
		this.backend.close();
	}

	@Test
	void aRequestInFlightStillCallsThroughItsChannel() throws Exception {
		ConfigurableApplicationContext context = run(WebApplication.class, WebApplicationType.SERVLET, "server.port=0",
				"server.shutdown=graceful", "clientconn.channels.greeter.target=" + this.backend.target());
		ClientConn conn = context.getBean(ClientConn.class);
		Gate gate = context.getBean(Gate.class);
		CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
			.sendAsync(HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")))
				.build(), BodyHandlers.ofString());
		assertThat(gate.requestArrived.await(30, TimeUnit.SECONDS)).isTrue();

		CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
		assertThat(gate.webServerStops.await(30, TimeUnit.SECONDS)).isTrue();
		gate.requestGoesOn.countDown();
		GatedServer.answer(this.backend.next());

		assertThat(response.get(30, TimeUnit.SECONDS).body()).isEqualTo("ALREADY_EXISTS");
		closing.get(30, TimeUnit.SECONDS);
		assertThat(conn.isTerminated()).isTrue();
	}

	@Test
	void allChannelsLetTheirCallsFinishAtTheSameTime() throws Exception {
		try (GatedServer other = new GatedServer()) {
			ConfigurableApplicationContext context = run("clientconn.channels.greeter.target=" + this.backend.target(),
					"clientconn.channels.other.target=" + other.target(), "clientconn.channels.other.insecure=true");
			List<ClientConn> conns = conns(context);
			List<CompletableFuture<Status>> calls = conns.stream().map(TestCalls::start).toList();
			List<ServerCall<?, ?>> open = List.of(this.backend.next(), other.next());

			CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close);
			Awaitility.await().atMost(BOUND).until(() -> conns.stream().allMatch(ClientConn::isShutdown));
			assertThat(closing).isNotDone();
			assertThat(conns).noneMatch(ClientConn::isTerminated);
			open.forEach(GatedServer::answer);

			for (CompletableFuture<Status> call : calls) {
				assertThat(call.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
			}
			closing.get(30, TimeUnit.SECONDS);
			assertThat(conns).allMatch(ClientConn::isTerminated);
			noClosingThreadIsLeft();
		}
	}

	@Test
	void callsThatOutliveTheGracePeriodAreCancelled(CapturedOutput output) throws Exception {
		ConfigurableApplicationContext context = run("clientconn.channels.greeter.target=" + this.backend.target(),
				"clientconn.defaults.shutdown.grace-period=100ms");
		CompletableFuture<Status> call = TestCalls.start(context.getBean(ClientConn.class));
		this.backend.next();

		context.close();

		assertThat(call.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(output).doesNotContain("timeout-per-shutdown-phase");
	}

	@Test
	void thePhaseOfSpringBoundsTheGracePeriodWhichIsToldAtTheStart(CapturedOutput output) throws Exception {
		ConfigurableApplicationContext context = run("clientconn.channels.greeter.target=" + this.backend.target(),
				"clientconn.defaults.shutdown.grace-period=1h", "spring.lifecycle.timeout-per-shutdown-phase=200ms");
		assertThat(output).contains("clientconn.defaults.shutdown.grace-period is 3600000 ms")
			.contains("spring.lifecycle.timeout-per-shutdown-phase only 200 ms");
		List<ClientConn> conns = conns(context);
		CompletableFuture<Status> call = TestCalls.start(conns.get(0));
		this.backend.next();

		context.close();

		assertThat(call.get(30, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(conns.get(0).awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		noClosingThreadIsLeft();
	}

	@Test
	void closingTwiceIsHarmless() {
		ConfigurableApplicationContext context = run("clientconn.channels.greeter.target=" + this.backend.target());
		ClientConnLifecycle lifecycle = context.getBean(ClientConnLifecycle.class);
		ClientConn conn = context.getBean(ClientConn.class);

		lifecycle.stop();
		assertThat(conn.isTerminated()).isTrue();
		assertThat(lifecycle.isRunning()).isFalse();
		lifecycle.stop();
		context.close();
		context.close();

		assertThat(conn.isTerminated()).isTrue();
	}

	@Test
	void aStartThatFailsLeavesNoConnectionOpen() throws Exception {
		FailingApplication.dialed.clear();

		assertThatException().isThrownBy(() -> run(FailingApplication.class, WebApplicationType.NONE,
				"clientconn.channels.greeter.target=" + this.backend.target()));

		assertThat(FailingApplication.dialed).hasSize(1);
		assertThat(FailingApplication.dialed.get(0).awaitTermination(30, TimeUnit.SECONDS)).isTrue();
	}

	private static void noClosingThreadIsLeft() {
		Awaitility.await()
			.atMost(BOUND)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("clientconn-close")));
	}

	private static List<ClientConn> conns(ConfigurableApplicationContext context) {
		ClientConns conns = context.getBean(ClientConns.class);
		return conns.names().stream().map(conns::get).toList();
	}

	private static ConfigurableApplicationContext run(String... properties) {
		return run(Application.class, WebApplicationType.NONE, properties);
	}

	private static ConfigurableApplicationContext run(Class<?> type, WebApplicationType webType, String... properties) {
		SpringApplication application = new SpringApplication(type);
		application.setWebApplicationType(webType);
		application.setRegisterShutdownHook(false);
		List<String> args = new ArrayList<>(
				List.of("--spring.main.banner-mode=off", "--clientconn.channels.greeter.insecure=true"));
		for (String property : properties) {
			args.add("--" + property);
		}
		return application.run(args.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ LifecycleAutoConfiguration.class, ClientConnAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ LifecycleAutoConfiguration.class, ClientConnAutoConfiguration.class })
	static class FailingApplication {

		static final List<ClientConn> dialed = new ArrayList<>();

		@Bean
		Object failing(ClientConn clientConn) {
			dialed.add(clientConn);
			clientConn.getState(true);
			throw new IllegalStateException("cannot start");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ LifecycleAutoConfiguration.class, TomcatServletWebServerAutoConfiguration.class,
			DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class,
			ClientConnAutoConfiguration.class })
	static class WebApplication {

		@Bean
		Gate gate() {
			return new Gate();
		}

		@Bean
		Controller controller(Gate gate, ClientConn clientConn) {
			return new Controller(gate, clientConn);
		}

	}

	@RestController
	static class Controller {

		private final Gate gate;

		private final ClientConn clientConn;

		Controller(Gate gate, ClientConn clientConn) {
			this.gate = gate;
			this.clientConn = clientConn;
		}

		@GetMapping("/")
		String get() throws Exception {
			this.gate.requestArrived.countDown();
			this.gate.requestGoesOn.await();
			return TestCalls.start(this.clientConn).get().getCode().name();
		}

	}

	/**
	 * Lets the request go on only when the web server has begun to wait for it: it stops
	 * in the phase after this one.
	 */
	static class Gate implements SmartLifecycle {

		final CountDownLatch requestArrived = new CountDownLatch(1);

		final CountDownLatch webServerStops = new CountDownLatch(1);

		final CountDownLatch requestGoesOn = new CountDownLatch(1);

		private volatile boolean running;

		@Override
		public int getPhase() {
			return SmartLifecycle.DEFAULT_PHASE - 1024 + 1;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			this.webServerStops.countDown();
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

}
