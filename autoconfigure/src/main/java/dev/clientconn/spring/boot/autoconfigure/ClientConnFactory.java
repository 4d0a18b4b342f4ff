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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.clientconn.ClientConn;
import dev.clientconn.DialException;
import dev.clientconn.DialOptions;
import dev.clientconn.serviceconfig.ServiceConfigException;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.StringUtils;

/**
 * Dials channels by name. Whatever is wrong with a channel's properties comes out as a
 * {@link ClientConnConfigurationException}.
 */
final class ClientConnFactory {

	private final ClientConnProperties properties;

	private final ObjectProvider<DialOptionsCustomizer> customizers;

	private final ChannelDetails details;

	/** What {@link #update} may change. */
	private final Set<ClientConn> dialed = ConcurrentHashMap.newKeySet();

	ClientConnFactory(ClientConnProperties properties, ObjectProvider<DialOptionsCustomizer> customizers,
			ChannelDetails details) {
		this.properties = properties;
		this.customizers = customizers;
		this.details = details;
	}

	/**
	 * Dials a channel. Waits for a connection only if the channel says so.
	 * @param channel name of the channel
	 * @return a new connection
	 * @throws ClientConnConfigurationException if the properties of the channel are
	 * wrong, or it was told to wait for a connection and did not get one
	 */
	ClientConn dial(String channel) {
		ChannelSettings settings = ChannelSettings.of(this.properties, channel);
		Setting<String> target = target(settings);
		DialOptions.Builder builder = builder(channel);
		try {
			ClientConn conn = ClientConn.dial(target.orElse(""), builder.build());
			this.dialed.add(conn);
			return conn;
		}
		catch (IllegalArgumentException ex) {
			throw refused(settings, target, ex);
		}
		catch (DialException ex) {
			throw new ClientConnConfigurationException(settings.get("connect.mode", (p) -> p.getConnect().getMode()),
					String.valueOf(ex.getMessage()),
					"Start the backends first, give them longer with '" + settings.property("connect.timeout")
							+ "', or do not wait for them: '" + settings.property("connect.mode")
							+ "' can be 'lazy' or 'eager'.",
					ex);
		}
	}

	/**
	 * Gives a channel what its properties say now. Does not wait.
	 * @param channel name of the channel
	 * @param conn its connection
	 * @throws ClientConnConfigurationException if the properties of the channel are
	 * wrong; nothing changes then
	 */
	void update(String channel, ClientConn conn) {
		if (!this.dialed.contains(conn)) {
			return; // The application's own, which its properties do not describe.
		}
		ChannelSettings settings = ChannelSettings.of(this.properties, channel);
		Setting<String> target = target(settings);
		DialOptions.Builder builder = builder(channel);
		try {
			conn.update(target.orElse(""), builder.build());
		}
		catch (IllegalArgumentException ex) {
			throw refused(settings, target, ex);
		}
	}

	private DialOptions.Builder builder(String channel) {
		DialOptions.Builder builder = DialOptions.builder();
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(channel, builder));
		return builder;
	}

	private Setting<String> target(ChannelSettings settings) {
		Setting<String> target = this.details.target(settings);
		if (!StringUtils.hasText(target.value())) {
			throw new ClientConnConfigurationException(target, "The channel has no target.", "Set '" + target.property()
					+ "' to an address such as 'static://10.0.0.1:9090' or 'dns:///orders:9090', or to a service of the registry such as 'discovery:///orders'.");
		}
		return target;
	}

	private ClientConnConfigurationException refused(ChannelSettings settings, Setting<String> target,
			IllegalArgumentException refusal) {
		if (refusal instanceof ServiceConfigException invalid) {
			return ChannelServiceConfig.refused(settings, invalid);
		}
		String reason = String.valueOf(refusal.getMessage());
		if (reason.startsWith("no transport security")) {
			return ChannelSecurity.missing(settings, refusal);
		}
		if (reason.startsWith("authority")) {
			return new ClientConnConfigurationException(settings.get("authority", ChannelProperties::getAuthority),
					refusal);
		}
		if (reason.startsWith("the credentials require")) {
			Setting<Boolean> insecure = settings.own("insecure", ChannelProperties::getInsecure);
			Setting<Boolean> requireTls = settings.get("credentials.require-tls",
					(p) -> p.getCredentials().getRequireTls());
			return new ClientConnConfigurationException(insecure,
					"The channel is plaintext, and its credentials are sent over TLS only ('" + requireTls.property()
							+ "').",
					"Enable TLS by '%s' or '%s' in place of '%s', or, where the network itself is trusted, set '%s' to false. A PerRpcCredentials bean that is for another channel only needs the name of that channel as its qualifier."
						.formatted(settings.property("ssl.bundle"), settings.property("ssl.enabled"),
								insecure.property(), settings.property("credentials.require-tls")),
					refusal);
		}
		if (reason.contains("credentials")) {
			return new ClientConnConfigurationException(settings.own("insecure", ChannelProperties::getInsecure),
					refusal);
		}
		boolean registryMissing = reason.contains("scheme \"discovery\"");
		return new ClientConnConfigurationException(target, reason + this.details.origin(settings), registryMissing
				? "Add a Spring Cloud discovery client to the application, which serves the scheme 'discovery', or choose another scheme."
				: "Change the target to what is expected.", refusal);
	}

}
