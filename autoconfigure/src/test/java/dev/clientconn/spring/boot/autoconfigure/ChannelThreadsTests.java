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

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.mockito.Mockito;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which executor and which event loops a channel has.
 */
class ChannelThreadsTests {

	private final CapturedOptions captured = new CapturedOptions();

	private final ApplicationContextRunner runner = this.captured.runner();

	@Test
	void executorByName() {
		Executor executor = Runnable::run;
		this.runner.withBean("mine", Executor.class, () -> executor)
			.withPropertyValues("clientconn.defaults.executor=mine")
			.run((context) -> assertThat(this.captured.greeter()).extracting("executor").isSameAs(executor));
	}

	@Test
	void withoutAnExecutorTheEngineUsesItsOwn() {
		this.captured.options();

		assertThat(this.captured.greeter()).extracting("executor").isNull();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsWhereTheApplicationWantsThem() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(this.captured.greeter()).extracting("executor")
				.isInstanceOf(VirtualThreadTaskExecutor.class));
	}

	@Test
	void eventLoopsAreSharedByAllChannelsAndEndAfterThem() {
		EventLoopGroup[] group = new EventLoopGroup[1];
		this.runner
			.withPropertyValues("clientconn.event-loop.threads=1",
					"clientconn.channels.other.target=static:127.0.0.1:1", "clientconn.channels.other.insecure=true")
			.run((context) -> {
				group[0] = context.getBean("clientConnEventLoopGroup", EventLoopGroup.class);
				assertThat(group[0]).hasSize(1);
				assertThat(this.captured.greeter()).extracting("eventLoopGroup").isSameAs(group[0]);
				assertThat(this.captured.of("other")).extracting("eventLoopGroup").isSameAs(group[0]);
				// An EventLoopGroup is an Executor, which must not replace Boot's.
				assertThat(context.getBean(TaskExecutor.class)).isSameAs(context.getBean("applicationTaskExecutor"));
			});
		assertThat(group[0].isShuttingDown()).isTrue();
	}

	@Test
	void nobodyWaitsForTheEndOfTheEventLoops() {
		CountDownLatch gate = new CountDownLatch(1);
		EventLoopGroup[] group = new EventLoopGroup[1];
		try {
			CompletableFuture<Void> closed = CompletableFuture
				.runAsync(() -> this.runner.withPropertyValues("clientconn.event-loop.threads=1").run((context) -> {
					group[0] = context.getBean("clientConnEventLoopGroup", EventLoopGroup.class);
					group[0].submit(() -> gate.await(60, TimeUnit.SECONDS));
				}));
			assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
			assertThat(group[0].isShuttingDown()).isTrue();
			assertThat(group[0].isTerminated()).isFalse();
		}
		finally {
			gate.countDown();
		}
	}

	@Test
	void eventLoopsOfTheApplication() {
		EventLoopGroup group = Mockito.mock(EventLoopGroup.class);
		this.runner.withBean("clientConnEventLoopGroup", EventLoopGroup.class, () -> group)
			.withPropertyValues("clientconn.event-loop.threads=2")
			.run((context) -> {
				// The engine knows no sockets for a mock.
				assertThat(context).hasFailed();
				assertThat(this.captured.greeter()).extracting("eventLoopGroup").isSameAs(group);
			});
	}

	@Test
	void withoutAPropertyThereAreNoEventLoopsOfOurs() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean("clientConnEventLoopGroup");
			assertThat(this.captured.greeter()).extracting("eventLoopGroup").isNull();
		});
	}

}
