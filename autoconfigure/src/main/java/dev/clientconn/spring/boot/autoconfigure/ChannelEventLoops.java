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

import io.netty.channel.EventLoopGroup;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;

/**
 * The event loops of all channels, as a bean. Spring would wait for what a destroy method
 * returns, and the loops take two seconds to see that nobody needs them any more.
 *
 * @param group the event loops
 */
record ChannelEventLoops(EventLoopGroup group) implements FactoryBean<EventLoopGroup>, DisposableBean {

	@Override
	public EventLoopGroup getObject() {
		return this.group;
	}

	@Override
	public Class<?> getObjectType() {
		return EventLoopGroup.class;
	}

	@Override
	public void destroy() {
		this.group.shutdownGracefully();
	}

}
