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

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gates behind which channels wait to be used. Safe for use from any thread.
 */
final class StartGates {

	private final Map<String, CompletableFuture<Void>> gates = new ConcurrentHashMap<>();

	/**
	 * Returns the gate of a channel.
	 * @param channel name of the channel
	 * @return completes when the channel may start
	 */
	CompletableFuture<Void> of(String channel) {
		return this.gates.computeIfAbsent(channel, (name) -> new CompletableFuture<>());
	}

}
