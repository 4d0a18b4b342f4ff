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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does over HTTP what the README tells the reader to do.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SampleApplicationTests {

	private final HttpClient http = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Test
	void stoppedBackendCostsNoCallAndComesBack() throws Exception {
		awaitBackends(Set.of(1, 2, 3));
		assertThat(get("/greet?name=Ada").body()).contains("\"message\":\"Hello, Ada!\"");
		String address = JsonPath.<String>read(get("/backends").body(), "$[1].host") + ":"
				+ JsonPath.<Integer>read(get("/backends").body(), "$[1].port");
		String addressPath = "/actuator/clientconn/greeter/" + address;

		post("/backends/2/stop");

		for (int i = 0; i < 200; i++) {
			assertThat(greet()).isIn(1, 3);
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			String json = get(addressPath).body();
			assertThat(JsonPath.<String>read(json, "$.state")).isEqualTo("TRANSIENT_FAILURE");
			assertThat(JsonPath.<String>read(json, "$.cause")).containsIgnoringCase("refused");
		});
		String health = get("/actuator/health").body();
		assertThat(JsonPath.<String>read(health, "$.status")).isEqualTo("UP");
		assertThat(JsonPath.<String>read(health, "$.components.clientconn.components.greeter.status")).isEqualTo("UP");
		assertThat(JsonPath.<Integer>read(health, "$.components.clientconn.components.greeter.details.ready"))
			.isEqualTo(2);
		assertThat(JsonPath.<String>read(get("/actuator/clientconn").body(),
				"$.channels.greeter.addresses['" + address + "'].state"))
			.isEqualTo("TRANSIENT_FAILURE");

		post("/backends/2/start");

		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(
					() -> assertThat(JsonPath.<String>read(get(addressPath).body(), "$.state")).isEqualTo("READY"));
		awaitBackends(Set.of(1, 2, 3));
	}

	@Test
	void drainedBackendGetsNoCallUntilItIsTakenBack() throws Exception {
		awaitBackends(Set.of(1, 2, 3));
		String address = JsonPath.<String>read(get("/backends").body(), "$[0].host") + ":"
				+ JsonPath.<Integer>read(get("/backends").body(), "$[0].port");

		assertThat(act("/actuator/clientconn/greeter/" + address, "drain").statusCode()).isEqualTo(204);
		awaitBackends(Set.of(2, 3));
		for (int i = 0; i < 50; i++) {
			assertThat(greet()).isIn(2, 3);
		}

		assertThat(act("/actuator/clientconn/greeter/" + address, "undrain").statusCode()).isEqualTo(204);
		awaitBackends(Set.of(1, 2, 3));
		assertThat(act("/actuator/clientconn/greeter", "reconnect").statusCode()).isEqualTo(204);
		awaitBackends(Set.of(1, 2, 3));
	}

	@Test
	void aRequestWithoutBackendsIsToldWhy() throws Exception {
		awaitBackends(Set.of(1, 2, 3));
		for (int backend = 1; backend <= 3; backend++) {
			post("/backends/" + backend + "/stop");
		}

		HttpResponse<String> response = get("/greet");

		assertThat(response.statusCode()).isEqualTo(503);
		assertThat(JsonPath.<String>read(response.body(), "$.detail")).startsWith("UNAVAILABLE: ");
		for (int backend = 1; backend <= 3; backend++) {
			post("/backends/" + backend + "/start");
		}
		awaitBackends(Set.of(1, 2, 3));
	}

	@Test
	void unknownNamesAreNotFound() throws Exception {
		assertThat(get("/actuator/clientconn/greter").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/clientconn/greeter/127.0.0.1:1").statusCode()).isEqualTo(404);
		assertThat(post("/backends/4/stop").statusCode()).isEqualTo(404);
	}

	/** The first calls may find one address ready and the others still connecting. */
	private void awaitBackends(Set<Integer> expected) {
		Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			Set<Integer> seen = new HashSet<>();
			for (int i = 0; i < 3; i++) {
				seen.add(greet());
			}
			assertThat(seen).isEqualTo(expected);
		});
	}

	private int greet() throws IOException, InterruptedException {
		HttpResponse<String> response = get("/greet");
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return JsonPath.read(response.body(), "$.backend");
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path)).GET());
	}

	private HttpResponse<String> post(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()));
	}

	private HttpResponse<String> act(String path, String action) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"" + action + "\"}")));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.http.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

}
