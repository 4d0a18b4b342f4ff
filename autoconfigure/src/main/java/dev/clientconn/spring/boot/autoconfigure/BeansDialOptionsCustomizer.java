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

import dev.clientconn.DialOptions;
import dev.clientconn.naming.Resolver;
import dev.clientconn.stats.StatsHandler;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;

/**
 * Gives every channel the resolvers and stats handlers that the application defines. A
 * resolver replaces the built-in one of its scheme.
 *
 * @param resolvers the application's resolvers
 * @param statsHandlers the application's stats handlers
 */
record BeansDialOptionsCustomizer(ObjectProvider<Resolver> resolvers,
		ObjectProvider<StatsHandler> statsHandlers) implements DialOptionsCustomizer, Ordered {

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		this.resolvers.orderedStream().forEach(builder::resolver);
		this.statsHandlers.orderedStream().forEach(builder::statsHandler);
	}

}
