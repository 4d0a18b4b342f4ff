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

import java.util.Set;

import dev.clientconn.spring.boot.autoconfigure.actuate.ChannelDescriptor.AddressDescriptor;
import dev.clientconn.spring.boot.autoconfigure.actuate.ClientConnEndpoint.ChannelsDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for {@link ClientConnEndpoint}: who
 * asks decides which values are shown, and what is unknown is a 404.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = ClientConnEndpoint.class)
public class ClientConnEndpointWebExtension {

	private final ClientConnEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	ClientConnEndpointWebExtension(ClientConnEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
	}

	/**
	 * Returns all channels.
	 * @param securityContext who asks
	 * @return the channels by name
	 */
	@ReadOperation
	public ChannelsDescriptor channels(SecurityContext securityContext) {
		return this.delegate.channels(isShown(securityContext));
	}

	/**
	 * Returns one channel.
	 * @param securityContext who asks
	 * @param channel its name
	 * @return the channel, or {@code null} if there is none of that name
	 */
	@ReadOperation
	public @Nullable ChannelDescriptor channel(SecurityContext securityContext, @Selector String channel) {
		return this.delegate.channel(channel, isShown(securityContext));
	}

	/**
	 * Returns one address of a channel with its last events.
	 * @param securityContext who asks
	 * @param channel name of the channel
	 * @param address such as {@code 10.0.0.1:9090}
	 * @return the address, or {@code null} if the channel has no such address
	 */
	@ReadOperation
	public @Nullable AddressDescriptor address(SecurityContext securityContext, @Selector String channel,
			@Selector String address) {
		return this.delegate.address(channel, address, isShown(securityContext));
	}

	/**
	 * Acts on a channel.
	 * @param channel its name
	 * @param action what to do
	 * @return 204, or 404 if there is no such channel
	 * @throws InvalidEndpointRequestException if there is no such action
	 */
	@WriteOperation
	public WebEndpointResponse<Void> changeChannel(@Selector String channel, String action) {
		return response(this.delegate.act(channel, action));
	}

	/**
	 * Acts on one address of a channel.
	 * @param channel name of the channel
	 * @param address such as {@code 10.0.0.1:9090}
	 * @param action what to do
	 * @return 204, or 404 if there is no such channel or address
	 * @throws InvalidEndpointRequestException if there is no such action
	 */
	@WriteOperation
	public WebEndpointResponse<Void> changeAddress(@Selector String channel, @Selector String address, String action) {
		return response(this.delegate.act(channel, address, action));
	}

	private boolean isShown(SecurityContext securityContext) {
		return this.showValues.isShown(securityContext, this.roles);
	}

	private static WebEndpointResponse<Void> response(boolean known) {
		return new WebEndpointResponse<>(
				known ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
