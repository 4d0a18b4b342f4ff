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

import java.time.Duration;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The default profile, where the registry tells of an added backend: there is no poll.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "clientconn.channels.greeter.discovery.poll-interval=1h")
class AddedBackendTests {

	private SampleClient sample;

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.sample = new SampleClient(port);
	}

	@Test
	void addedBackendTakesCalls() throws Exception {
		assertThat(this.sample.greet()).isPositive();

		int added = JsonPath.read(this.sample.post("/backends").body(), "$.number");

		Awaitility.await().atMost(Duration.ofSeconds(60)).until(this.sample::greet, (number) -> number == added);
	}

	@Test
	void browserIsAnsweredWithJson() throws Exception {
		assertThat(this.sample.get("/backends", "text/html,application/xml;q=0.9,*/*;q=0.8").body()).startsWith("[{");
	}

	@Test
	void thereIsNoEureka() throws Exception {
		assertThat(this.sample.get("/registry").statusCode()).isEqualTo(404);
	}

}
