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

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.google.common.util.concurrent.ListenableFuture;
import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;
import org.springframework.grpc.client.GrpcChannelFactory;
import org.springframework.grpc.client.ImportGrpcClients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What stubs have of it that Spring gRPC makes on a connection of ours.
 */
class SharedStubsTests {

	private final EchoServer server = EchoServer.started();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				GrpcClientAutoConfiguration.class, ClientConnSpringGrpcAutoConfiguration.class,
				CompositeChannelFactoryAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.echo.target=static:" + this.server.address(),
				"clientconn.channels.echo.insecure=true");

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void stubsOfEveryKindShareTheConnection() {
		this.runner.withUserConfiguration(Stubs.class).run((context) -> {
			EchoRequest hello = EchoRequest.newBuilder().setMessage("hello").setCount(2).build();

			assertThat(context.getBean(EchoGrpc.EchoBlockingStub.class).unary(hello).getMessage()).isEqualTo("hello");
			Iterator<EchoReply> replies = context.getBean(EchoGrpc.EchoBlockingStub.class).serverStream(hello);
			assertThat(replies).toIterable().hasSize(2);
			assertThat(context.getBean(EchoGrpc.EchoBlockingV2Stub.class).unary(hello).getMessage()).isEqualTo("hello");
			ListenableFuture<EchoReply> future = context.getBean(EchoGrpc.EchoFutureStub.class).unary(hello);
			assertThat(future.get(10, TimeUnit.SECONDS).getMessage()).isEqualTo("hello");
			Received received = new Received();
			context.getBean(EchoGrpc.EchoStub.class).unary(hello, received);
			assertThat(received.replies.poll(10, TimeUnit.SECONDS).getMessage()).isEqualTo("hello");

			assertThat(context.getBean(ClientConn.class).snapshot().callsStarted()).isEqualTo(5);
			assertThat(this.server.connections()).isOne();
		});
	}

	@Test
	void interceptorsRunFromTheGlobalOnesInwards() {
		this.runner.withUserConfiguration(Interceptors.class).run((context) -> {
			List<String> order = context.getBean(Interceptors.class).order;
			GrpcChannelFactory factory = context.getBean(GrpcChannelFactory.class);
			ChannelBuilderOptions options = ChannelBuilderOptions.defaults()
				.withInterceptors(List.of(new Recorder("options", order)));

			call(factory.createChannel("echo", options));

			assertThat(order).containsExactly("first", "second", "options", "channel");
			order.clear();

			call(factory.createChannel("echo"));

			assertThat(order).containsExactly("first", "second", "channel");
		});
	}

	@Test
	void theConnectionItselfHasTheGlobalInterceptorsToo() {
		this.runner.withUserConfiguration(Interceptors.class).run((context) -> {
			call(context.getBean(ClientConn.class));

			assertThat(context.getBean(Interceptors.class).order).containsExactly("first", "second", "channel");
		});
	}

	@Test
	void aCustomizerMayAddInterceptors() {
		this.runner.run((context) -> {
			List<String> order = new CopyOnWriteArrayList<>();
			ChannelBuilderOptions options = ChannelBuilderOptions.defaults()
				.withCustomizer((target, builder) -> builder.intercept(new Recorder("customizer", order)));

			call(context.getBean(GrpcChannelFactory.class).createChannel("echo", options));

			assertThat(order).containsExactly("customizer");
		});
	}

	@Test
	void aCustomizerMayNotChangeTheConnection() {
		this.runner.run((context) -> {
			GrpcChannelFactory factory = context.getBean(GrpcChannelFactory.class);
			List<GrpcChannelBuilderCustomizer<SharedChannelBuilder>> customizers = List.of(
					(target, builder) -> builder.userAgent("mine"),
					(target, builder) -> builder.maxInboundMessageSize(1),
					(target, builder) -> builder.keepAliveTime(1, TimeUnit.MINUTES),
					(target, builder) -> NettyChannelBuilder.class.cast((ManagedChannelBuilder<?>) builder)
						.initialFlowControlWindow(1));
			for (GrpcChannelBuilderCustomizer<SharedChannelBuilder> customizer : customizers) {
				ChannelBuilderOptions options = ChannelBuilderOptions.defaults().withCustomizer(customizer);

				assertThatIllegalArgumentException().isThrownBy(() -> factory.createChannel("echo", options))
					.withMessageContaining("\"echo\"")
					.withMessageContaining("DialOptionsCustomizer");
			}
		});
	}

	@Test
	void aChannelThatIsShutDownLeavesTheConnectionToTheOthers() {
		this.runner.run((context) -> {
			GrpcChannelFactory factory = context.getBean(GrpcChannelFactory.class);
			ManagedChannel closed = factory.createChannel("echo");
			ManagedChannel open = factory.createChannel("echo");
			call(closed);

			closed.shutdown();

			assertThat(closed.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
			assertThat(closed.getState(true)).isEqualTo(ConnectivityState.SHUTDOWN);
			assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(closed))
				.extracting((refused) -> refused.getStatus().getCode())
				.isEqualTo(Status.Code.UNAVAILABLE);
			call(open);
			assertThat(this.server.connections()).isOne();
		});
	}

	@Test
	void theEndOfTheFactoryIsNotTheEndOfTheConnection() {
		this.runner.run((context) -> {
			ManagedChannel channel = context.getBean(GrpcChannelFactory.class).createChannel("echo");

			context.getBean(ClientConnGrpcChannelFactory.class).destroy();

			assertThat(channel.isTerminated()).isTrue();
			call(context.getBean(ClientConn.class));
		});
	}

	@Test
	void aCallInFlightEndsBeforeTheContextDoes() {
		Received received = new Received();
		ClientConn[] conn = new ClientConn[1];

		this.runner.withUserConfiguration(Stubs.class).run((context) -> {
			conn[0] = context.getBean(ClientConn.class);
			EchoGrpc.EchoBlockingStub blocking = context.getBean(EchoGrpc.EchoBlockingStub.class);
			blocking.unary(EchoRequest.getDefaultInstance());
			EchoRequest slow = EchoRequest.newBuilder().setMessage("slow").setDelayMs(300).build();
			context.getBean(EchoGrpc.EchoStub.class).unary(slow, received);
		});

		assertThat(received.replies).extracting(EchoReply::getMessage).containsExactly("slow");
		assertThat(received.failures).isEmpty();
		assertThat(conn[0].isTerminated()).isTrue();
	}

	private static EchoReply call(Channel channel) {
		return EchoGrpc.newBlockingStub(channel).unary(EchoRequest.getDefaultInstance());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportGrpcClients(target = "echo", types = { EchoGrpc.EchoBlockingStub.class, EchoGrpc.EchoBlockingV2Stub.class,
			EchoGrpc.EchoFutureStub.class, EchoGrpc.EchoStub.class })
	static class Stubs {

	}

	@Configuration(proxyBeanMethods = false)
	static class Interceptors {

		final List<String> order = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		@GlobalClientInterceptor
		ClientInterceptor second() {
			return new Recorder("second", this.order);
		}

		@Bean
		@Order(1)
		@GlobalClientInterceptor
		ClientInterceptor first() {
			return new Recorder("first", this.order);
		}

		@Bean
		DialOptionsCustomizer channelInterceptor() {
			return (channel, builder) -> builder.unaryInterceptor(new Recorder("channel", this.order));
		}

	}

	record Recorder(String name, List<String> order) implements ClientInterceptor {

		@Override
		public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
			this.order.add(this.name);
			return next.newCall(method, options);
		}

	}

	static final class Received implements StreamObserver<EchoReply> {

		final BlockingQueue<EchoReply> replies = new LinkedBlockingQueue<>();

		final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

		@Override
		public void onNext(EchoReply reply) {
			this.replies.add(reply);
		}

		@Override
		public void onError(Throwable failure) {
			this.failures.add(failure);
		}

		@Override
		public void onCompleted() {
		}

	}

}
