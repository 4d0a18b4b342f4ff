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

import java.util.concurrent.TimeUnit;

import com.google.common.util.concurrent.ListenableFuture;
import dev.clientconn.ClientConn;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that begin while the context is still being built, with the credentials of the
 * channel.
 */
@SpringBootTest
@AutoConfigureTestClientConn
class EarlyCallTests {

	@Autowired
	private ListenableFuture<EchoReply> call;

	@Autowired
	private CredentialsEcho service;

	@Test
	void waitsForTheServer() throws Exception {
		assertThat(this.call.get(10, TimeUnit.SECONDS).getMessage()).isEqualTo("early");
	}

	@Test
	void credentialsAreSentWithoutTls() throws Exception {
		this.call.get(10, TimeUnit.SECONDS);
		assertThat(this.service.authorization).isEqualTo("Bearer secret");
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Services {

		@Bean
		CredentialsEcho service() {
			return new CredentialsEcho();
		}

		@Bean
		ListenableFuture<EchoReply> earlyCall(@Qualifier("echo") ClientConn echo) {
			return EchoGrpc.newFutureStub(echo).unary(EchoRequest.newBuilder().setMessage("early").build());
		}

	}

	/** Remembers the credentials of the last call. */
	static class CredentialsEcho implements BindableService {

		volatile String authorization;

		@Override
		public ServerServiceDefinition bindService() {
			return ServerInterceptors.intercept(new EchoService(), new ServerInterceptor() {

				@Override
				public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
						ServerCallHandler<Q, R> next) {
					CredentialsEcho.this.authorization = headers
						.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
					return next.startCall(call, headers);
				}

			});
		}

	}

}
