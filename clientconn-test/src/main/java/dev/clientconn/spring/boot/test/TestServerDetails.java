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

import java.util.Set;

import dev.clientconn.spring.boot.autoconfigure.ClientConnDetails;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Points channels at the server of the test even where the application has details of its
 * own for them, such as those of a container.
 *
 * @param channels names of the channels
 */
record TestServerDetails(Set<String> channels) implements ClientConnDetails, Ordered {

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable String getTarget(String channel) {
		return this.channels.contains(channel) ? TestServerResolver.target(channel) : null;
	}

}
