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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import com.salesforce.reactorgrpc.stub.ClientCalls;
import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.CoroutineStubFactory;
import org.springframework.grpc.client.ImportGrpcClients;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stubs of grpc-kotlin and reactor-grpc, written here as their generators write them, on
 * a connection of ours.
 */
class OtherStubLibrariesTests {

	private final EchoServer server = EchoServer.started();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				GrpcClientAutoConfiguration.class, ClientConnSpringGrpcAutoConfiguration.class,
				CompositeChannelFactoryAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.echo.target=static:" + this.server.address(),
				"clientconn.channels.echo.insecure=true")
		.withUserConfiguration(Stubs.class);

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void coroutines() {
		this.runner.run((context) -> {
			EchoRequest hello = EchoRequest.newBuilder().setMessage("hello").build();

			assertThat(context.getBean(EchoCoroutineStub.class).unary(hello).getMessage()).isEqualTo("hello");

			assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isOne();
		});
	}

	@Test
	void reactor() {
		this.runner.run((context) -> {
			EchoRequest twice = EchoRequest.newBuilder().setMessage("hello").setCount(2).build();
			ReactorEchoGrpc.ReactorEchoStub stub = context.getBean(ReactorEchoGrpc.ReactorEchoStub.class);

			assertThat(stub.unary(Mono.just(twice)).block().getMessage()).isEqualTo("hello");
			assertThat(stub.serverStream(Mono.just(twice)).collectList().block()).hasSize(2);

			assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isEqualTo(2);
		});
	}

	@Configuration(proxyBeanMethods = false)
	@ImportGrpcClients(target = "echo", types = EchoCoroutineStub.class, factory = CoroutineStubFactory.class)
	@ImportGrpcClients(target = "echo", types = ReactorEchoGrpc.ReactorEchoStub.class)
	static class Stubs {

	}

	public static final class ReactorEchoGrpc {

		private ReactorEchoGrpc() {
		}

		public static ReactorEchoStub newReactorStub(Channel channel) {
			return new ReactorEchoStub(channel, CallOptions.DEFAULT);
		}

		public static final class ReactorEchoStub extends AbstractStub<ReactorEchoStub> {

			private final EchoGrpc.EchoStub delegate;

			private ReactorEchoStub(Channel channel, CallOptions options) {
				super(channel, options);
				this.delegate = EchoGrpc.newStub(channel);
			}

			@Override
			protected ReactorEchoStub build(Channel channel, CallOptions options) {
				return new ReactorEchoStub(channel, options);
			}

			Mono<EchoReply> unary(Mono<EchoRequest> request) {
				return ClientCalls.oneToOne(request,
						(EchoRequest one, StreamObserver<EchoReply> replies) -> this.delegate.unary(one, replies),
						getCallOptions());
			}

			Flux<EchoReply> serverStream(Mono<EchoRequest> request) {
				return ClientCalls.oneToMany(request, (EchoRequest one,
						StreamObserver<EchoReply> replies) -> this.delegate.serverStream(one, replies),
						getCallOptions());
			}

		}

	}

}
