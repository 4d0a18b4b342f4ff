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

import java.util.Objects;
import java.util.concurrent.Executor;

import dev.clientconn.DialOptions;
import dev.clientconn.transport.EventLoops;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Chooses the threads of a channel: event loops for its connections, and an executor for
 * the listeners of its calls.
 */
final class ChannelThreads implements ChannelMapping {

	/** Name of the bean with the event loops of all channels. */
	static final String EVENT_LOOP_GROUP = "clientConnEventLoopGroup";

	private final ChannelBeans beans;

	private final @Nullable Executor virtualThreads;

	ChannelThreads(ChannelBeans beans, Environment environment) {
		this.beans = beans;
		this.virtualThreads = Threading.VIRTUAL.isActive(environment)
				? new VirtualThreadTaskExecutor("clientconn-virtual-") : null;
	}

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		if (this.virtualThreads != null) {
			builder.executor(this.virtualThreads);
		}
		settings.get("executor", ChannelProperties::getExecutor)
			.as((name) -> this.beans.named(name, Executor.class))
			.to(builder::executor);
		if (this.beans.beanFactory().containsBean(EVENT_LOOP_GROUP)) {
			builder.eventLoopGroup(this.beans.beanFactory().getBean(EVENT_LOOP_GROUP, EventLoopGroup.class));
		}
	}

	/**
	 * Makes event loops for all channels.
	 * @param properties say how many threads
	 * @return a new group
	 * @throws ClientConnConfigurationException if the number is not positive
	 */
	static EventLoopGroup eventLoopGroup(ClientConnProperties properties) {
		Setting<Integer> threads = new Setting<>("clientconn.event-loop.threads",
				properties.getEventLoop().getThreads());
		return Objects.requireNonNull(threads.as(EventLoops::newGroup).value(), "threads");
	}

}
