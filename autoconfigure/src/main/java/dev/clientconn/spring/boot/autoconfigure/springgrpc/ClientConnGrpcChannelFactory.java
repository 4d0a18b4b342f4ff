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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import java.util.List;

import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;

import org.springframework.core.env.PropertyResolver;
import org.springframework.grpc.client.ChannelBuilderOptions;
import org.springframework.grpc.client.ClientInterceptorsConfigurer;
import org.springframework.grpc.client.DefaultGrpcChannelFactory;
import org.springframework.grpc.client.GlobalClientInterceptor;
import org.springframework.grpc.client.GrpcChannelBuilderCustomizer;
import org.springframework.grpc.client.VirtualTargets;

/**
 * Gives the targets that are names of channels the connections of these channels; other
 * targets are left to other factories.
 * <p>
 * Interceptors work as with Boot's own factories: {@link GlobalClientInterceptor} beans,
 * then those of the options, outside of the interceptors that the channel itself has. A
 * connection is shared, and dialled from its own properties. So
 * {@link GrpcChannelBuilderCustomizer} beans and the properties of
 * {@code spring.grpc.client.channel} do not reach it, the grace period of the options has
 * no meaning, and a customizer among the options may add interceptors but nothing else.
 */
final class ClientConnGrpcChannelFactory extends DefaultGrpcChannelFactory<SharedChannelBuilder> {

	private final ClientConns clientConns;

	private final VirtualTargets names;

	/**
	 * Creates the factory.
	 * @param clientConns the connections
	 * @param interceptors finds the interceptors of a channel
	 * @param placeholders resolves placeholders in targets
	 */
	ClientConnGrpcChannelFactory(ClientConns clientConns, ClientInterceptorsConfigurer interceptors,
			PropertyResolver placeholders) {
		super(List.of(), interceptors);
		this.clientConns = clientConns;
		this.names = placeholders::resolvePlaceholders;
		// A channel may be called "default", which the factory would take for localhost.
		super.setVirtualTargets(this.names);
	}

	/** Ignores other names for targets: the names of channels are names already. */
	@Override
	public void setVirtualTargets(VirtualTargets targets) {
	}

	@Override
	public boolean supports(String target) {
		return this.clientConns.names().contains(this.names.getTarget(target));
	}

	/**
	 * Creates a view of the connection of a channel.
	 * @param target name of the channel
	 * @param options whose interceptors are applied
	 * @return a view, whose shutdown leaves the connection alone
	 * @throws UnservedTargetException if there is no such channel
	 * @throws IllegalArgumentException if the customizer of the options wants more than
	 * to add interceptors
	 */
	@Override
	public ManagedChannel createChannel(String target, ChannelBuilderOptions options) {
		if (!supports(target)) {
			throw new UnservedTargetException(target, this.clientConns.names());
		}
		try {
			return super.createChannel(target, options);
		}
		catch (UnsupportedOperationException | ClassCastException ex) {
			throw new IllegalArgumentException(
					("the customizer does not fit the channel \"%s\" (expected: no more than interceptors, because "
							+ "its connection is shared; use the properties under clientconn.channels, or a "
							+ "DialOptionsCustomizer)")
						.formatted(target),
					ex);
		}
	}

	@Override
	protected SharedChannelBuilder newChannelBuilder(String name, ChannelCredentials credentials) {
		return new SharedChannelBuilder(this.clientConns.get(name));
	}

}
