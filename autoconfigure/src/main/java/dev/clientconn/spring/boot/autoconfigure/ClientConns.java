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

import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

import dev.clientconn.ClientConn;

/**
 * The configured channels by name. Safe for use from any thread.
 *
 * @since 0.1.0
 */
public interface ClientConns {

	/**
	 * Returns the connection of a channel, the same one each time.
	 * @param name name of the channel, as in {@code clientconn.channels.<name>}
	 * @return the connection, not to be closed by the caller
	 * @throws IllegalArgumentException if there is no such channel; the message lists
	 * those that exist
	 */
	ClientConn get(String name);

	/**
	 * Returns the names of all channels.
	 * @return immutable, in the order of their properties
	 */
	Set<String> names();

	/**
	 * Returns the connection of a channel that may not exist.
	 * @param name name of the channel
	 * @return the connection, empty if there is no such channel
	 */
	default Optional<ClientConn> find(String name) {
		return names().contains(name) ? Optional.of(get(name)) : Optional.empty();
	}

	/**
	 * Visits all channels in the order of their properties.
	 * @param visitor takes the name of each channel and its connection
	 */
	default void forEach(BiConsumer<String, ClientConn> visitor) {
		names().forEach((name) -> visitor.accept(name, get(name)));
	}

}
