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
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * The application under test; its channels are in application.yml.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class EchoApplication {

	@Bean
	EchoClient echoClient(@Qualifier("echo") ClientConn echo) {
		return new EchoClient(EchoGrpc.newBlockingStub(echo));
	}

	/**
	 * What tests call.
	 */
	record EchoClient(EchoGrpc.EchoBlockingStub stub) {

		String echo(String message) {
			return this.stub.unary(EchoRequest.newBuilder().setMessage(message).build()).getMessage();
		}

	}

}
