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

package dev.clientconn;

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.transport.ClientTransport;
import org.jspecify.annotations.Nullable;

/**
 * The READY connections of one address, oldest first. Only in the serial context.
 */
final class ConnectionPool {

	private final List<Connection> connections = new ArrayList<>(1);

	void add(Connection connection) {
		this.connections.add(connection);
	}

	void remove(Connection connection) {
		this.connections.remove(connection);
	}

	/** Takes all out. */
	List<Connection> removeAll() {
		List<Connection> all = List.copyOf(this.connections);
		this.connections.clear();
		return all;
	}

	@Nullable Connection find(ClientTransport transport) {
		for (Connection connection : this.connections) {
			if (connection.transport() == transport) {
				return connection;
			}
		}
		return null;
	}

	@Nullable Connection oldest() {
		return this.connections.isEmpty() ? null : this.connections.get(0);
	}

	/** Of at least one. */
	Connection newest() {
		return this.connections.get(this.connections.size() - 1);
	}

	int size() {
		return this.connections.size();
	}

	/** What is here now is to be replaced. */
	void setDue() {
		this.connections.forEach(Connection::setDue);
	}

	/** The oldest one that is to be replaced; {@code null} if there is none. */
	@Nullable Connection due() {
		for (Connection connection : this.connections) {
			if (connection.isDue()) {
				return connection;
			}
		}
		return null;
	}

}
