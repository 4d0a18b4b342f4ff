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

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ChannelRefresh;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.autoconfigure.actuate.ChannelDescriptor.AddressDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that shows the configured channels. Its extensions let an
 * operator act on them where write access is given.
 *
 * @since 0.1.0
 */
@Endpoint(id = "clientconn", defaultAccess = Access.READ_ONLY)
public class ClientConnEndpoint {

	private final ClientConns clientConns;

	/** Tells which changes were refused. */
	private final ObjectProvider<ChannelRefresh> refresh;

	private final MetadataSanitizer sanitizer;

	private final Show showValues;

	ClientConnEndpoint(ClientConns clientConns, ObjectProvider<ChannelRefresh> refresh,
			Iterable<SanitizingFunction> sanitizingFunctions, Show showValues) {
		this.clientConns = clientConns;
		this.refresh = refresh;
		this.sanitizer = new MetadataSanitizer(sanitizingFunctions);
		this.showValues = showValues;
	}

	/**
	 * Returns all channels.
	 * @return the channels by name
	 */
	@ReadOperation
	public ChannelsDescriptor channels() {
		return channels(this.showValues.isShown(true));
	}

	/**
	 * Returns one channel.
	 * @param channel its name
	 * @return the channel, or {@code null} if there is none of that name
	 */
	@ReadOperation
	public @Nullable ChannelDescriptor channel(@Selector String channel) {
		return channel(channel, this.showValues.isShown(true));
	}

	/**
	 * Returns one address of a channel with its last events.
	 * @param channel name of the channel
	 * @param address such as {@code 10.0.0.1:9090}
	 * @return the address, or {@code null} if the channel has no such address
	 */
	@ReadOperation
	public @Nullable AddressDescriptor address(@Selector String channel, @Selector String address) {
		return address(channel, address, this.showValues.isShown(true));
	}

	/**
	 * Returns what applies to calls of a method, and why.
	 * @param channel name of the channel
	 * @param service such as {@code shop.Orders}
	 * @param method such as {@code Get}
	 * @return the settings, or {@code null} if there is no such channel; a method that
	 * nobody knows has settings too
	 */
	@ReadOperation
	public @Nullable MethodDescriptor method(@Selector String channel, @Selector String service,
			@Selector String method) {
		ClientConn conn = find(channel);
		return (conn != null) ? MethodDescriptor.of(conn.methodSettings(service + "/" + method)) : null;
	}

	/** Returns whether there is such a channel. */
	boolean act(String channel, String action) {
		ChannelAction known = ChannelAction.of(action);
		ClientConn conn = find(channel);
		if (conn != null) {
			known.apply(conn);
		}
		return conn != null;
	}

	/** Returns whether there is such a channel with such an address. */
	boolean act(String channel, String address, String action) {
		AddressAction known = AddressAction.of(action);
		ClientConn conn = find(channel);
		return conn != null && known.apply(conn.operations(), address);
	}

	ChannelsDescriptor channels(boolean showValues) {
		Map<String, ChannelDescriptor> channels = new LinkedHashMap<>();
		this.clientConns.names().forEach((name) -> channels.put(name, describe(name, showValues)));
		return new ChannelsDescriptor(channels);
	}

	@Nullable ChannelDescriptor channel(String channel, boolean showValues) {
		return (find(channel) != null) ? describe(channel, showValues) : null;
	}

	@Nullable AddressDescriptor address(String channel, String address, boolean showValues) {
		ClientConn conn = find(channel);
		if (conn == null) {
			return null;
		}
		return conn.snapshot()
			.addresses()
			.stream()
			.filter((candidate) -> candidate.address().equals(address))
			.findFirst()
			.map((found) -> AddressDescriptor.withEvents(found,
					(metadata) -> this.sanitizer.sanitize(metadata, showValues)))
			.orElse(null);
	}

	private ChannelDescriptor describe(String channel, boolean showValues) {
		ChannelRefresh changes = this.refresh.getIfAvailable();
		return ChannelDescriptor.of(this.clientConns.get(channel).snapshot(),
				(metadata) -> this.sanitizer.sanitize(metadata, showValues),
				(changes != null) ? changes.refusal(channel) : null);
	}

	private @Nullable ClientConn find(String channel) {
		return this.clientConns.names().contains(channel) ? this.clientConns.get(channel) : null;
	}

	/**
	 * All channels.
	 *
	 * @param channels the channels by name
	 */
	public record ChannelsDescriptor(Map<String, ChannelDescriptor> channels) implements OperationResponseBody {

	}

}
