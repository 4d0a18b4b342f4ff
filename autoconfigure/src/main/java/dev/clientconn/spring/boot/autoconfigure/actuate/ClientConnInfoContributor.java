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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * {@link InfoContributor} that tells the version of the engine, how many channels there
 * are, and how many of their addresses are in which state.
 *
 * @since 0.1.0
 */
public class ClientConnInfoContributor implements InfoContributor {

	private final ClientConns clientConns;

	ClientConnInfoContributor(ClientConns clientConns) {
		this.clientConns = clientConns;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Integer> addresses = new TreeMap<>();
		this.clientConns.names()
			.forEach((channel) -> this.clientConns.get(channel)
				.snapshot()
				.addresses()
				.forEach((address) -> addresses.merge(address.state().name(), 1, Integer::sum)));
		builder.withDetail("clientconn",
				Map.of("version", version(), "channels", this.clientConns.names().size(), "addresses", addresses));
	}

	private static String version() {
		return Objects.requireNonNullElse(ClientConn.class.getPackage().getImplementationVersion(), "unknown");
	}

}
