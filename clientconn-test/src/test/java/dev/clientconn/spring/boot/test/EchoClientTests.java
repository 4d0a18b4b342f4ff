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

import dev.clientconn.spring.boot.test.EchoApplication.EchoClient;
import io.grpc.BindableService;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first example of docs/testing.md.
 */
@SpringBootTest
@AutoConfigureTestClientConn
class EchoClientTests {

	@Autowired
	EchoClient client;

	@Test
	void echoes() {
		assertThat(this.client.echo("hello")).isEqualTo("hello");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Services {

		@Bean
		BindableService echoService() {
			return new EchoService();
		}

	}

}
