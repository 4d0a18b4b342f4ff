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

import java.util.LinkedHashMap;
import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.autoconfigure.actuate.ChannelDescriptor.AddressDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows the configured channels.
 *
 * @since 0.1.0
 */
@Endpoint(id = "clientconn", defaultAccess = Access.READ_ONLY)
public class ClientConnEndpoint {

	private final ClientConns clientConns;

	ClientConnEndpoint(ClientConns clientConns) {
		this.clientConns = clientConns;
	}

	/**
	 * Returns all channels.
	 * @return the channels by name
	 */
	@ReadOperation
	public ChannelsDescriptor channels() {
		Map<String, ChannelDescriptor> channels = new LinkedHashMap<>();
		this.clientConns.names()
			.forEach(
					(channel) -> channels.put(channel, ChannelDescriptor.of(this.clientConns.get(channel).snapshot())));
		return new ChannelsDescriptor(channels);
	}

	/**
	 * Returns one channel.
	 * @param channel its name
	 * @return the channel, or {@code null} if there is none of that name
	 */
	@ReadOperation
	public @Nullable ChannelDescriptor channel(@Selector String channel) {
		return this.clientConns.names().contains(channel)
				? ChannelDescriptor.of(this.clientConns.get(channel).snapshot()) : null;
	}

	/**
	 * Returns one address of a channel with its last events.
	 * @param channel name of the channel
	 * @param address such as {@code 10.0.0.1:9090}
	 * @return the address, or {@code null} if the channel has no such address
	 */
	@ReadOperation
	public @Nullable AddressDescriptor address(@Selector String channel, @Selector String address) {
		if (!this.clientConns.names().contains(channel)) {
			return null;
		}
		return this.clientConns.get(channel)
			.snapshot()
			.addresses()
			.stream()
			.filter((candidate) -> candidate.address().equals(address))
			.findFirst()
			.map(AddressDescriptor::withEvents)
			.orElse(null);
	}

	/**
	 * All channels.
	 *
	 * @param channels the channels by name
	 */
	public record ChannelsDescriptor(Map<String, ChannelDescriptor> channels) implements OperationResponseBody {

	}

}
