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

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/**
 * {@link EndpointJmxExtension @EndpointJmxExtension} for {@link ClientConnEndpoint}: what
 * is unknown is an exception.
 * <p>
 * The actions are not in the endpoint itself: there, being {@code void}, they would
 * produce other media types than those of the web extension, so both would be mapped, and
 * a client that accepts anything would reach the wrong ones.
 *
 * @since 0.1.0
 */
@EndpointJmxExtension(endpoint = ClientConnEndpoint.class)
public class ClientConnEndpointJmxExtension {

	private final ClientConnEndpoint delegate;

	ClientConnEndpointJmxExtension(ClientConnEndpoint delegate) {
		this.delegate = delegate;
	}

	/**
	 * Acts on a channel.
	 * @param channel its name
	 * @param action one of {@code connect}, {@code reset-backoff}, {@code enter-idle},
	 * {@code reconnect} and {@code refresh}
	 * @throws InvalidEndpointRequestException if there is no such channel or action
	 */
	@WriteOperation
	public void changeChannel(@Selector String channel, String action) {
		if (!this.delegate.act(channel, action)) {
			throw unknown(channel);
		}
	}

	/**
	 * Acts on one address of a channel.
	 * @param channel name of the channel
	 * @param address such as {@code 10.0.0.1:9090}
	 * @param action one of {@code connect}, {@code reset-backoff}, {@code reconnect},
	 * {@code drain} and {@code undrain}
	 * @throws InvalidEndpointRequestException if there is no such channel, address or
	 * action
	 */
	@WriteOperation
	public void changeAddress(@Selector String channel, @Selector String address, String action) {
		if (!this.delegate.act(channel, address, action)) {
			throw unknown(channel + "/" + address);
		}
	}

	private static InvalidEndpointRequestException unknown(String what) {
		String reason = "\"" + what + "\" is not known";
		return new InvalidEndpointRequestException(reason, reason);
	}

}
