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

import dev.clientconn.ClientConn;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.core.env.Environment;

/**
 * Registers one {@link ClientConn} bean per channel. They are fallbacks: where an
 * application defines a connection of its own, injection by type prefers that one.
 */
class ClientConnBeanRegistrar implements BeanRegistrar {

	@Override
	public void register(BeanRegistry registry, Environment environment) {
		ChannelNames.beanNames(environment)
			.forEach((channel, beanName) -> registry.registerBean(beanName, ClientConn.class,
					(spec) -> spec.fallback()
						.description("ClientConn of the channel '" + channel + "'")
						.supplier((context) -> context.bean(ClientConnFactory.class).dial(channel))));
	}

}
