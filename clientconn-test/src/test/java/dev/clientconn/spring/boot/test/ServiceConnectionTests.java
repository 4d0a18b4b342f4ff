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

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnDetails;
import dev.clientconn.spring.boot.test.EchoApplication.EchoClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that learns its targets from a service connection.
 */
@SpringBootTest
@AutoConfigureTestClientConn(channels = "echo")
@Import(EchoService.class)
class ServiceConnectionTests {

	@Autowired
	private EchoClient client;

	@Autowired
	@Qualifier("audit")
	private ClientConn audit;

	@Test
	void theServerOfTheTestWinsForTheChannelsThatAreNamed() {
		assertThat(this.client.echo("hello")).isEqualTo("hello");
		assertThat(this.audit.target()).isEqualTo("static:127.0.0.1:2");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Services {

		@Bean
		ClientConnDetails container() {
			return (channel) -> "static:127.0.0.1:2";
		}

	}

}
