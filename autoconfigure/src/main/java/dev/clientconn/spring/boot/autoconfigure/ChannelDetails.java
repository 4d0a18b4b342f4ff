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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.clientconn.DialOptions;
import dev.clientconn.transport.TransportCredentials;

import org.springframework.boot.ssl.SslBundle;

/**
 * Asks the {@link ClientConnDetails} beans about a channel, and the properties where none
 * knows it. There is no details bean for the properties: a service connection for one
 * channel would have to replace it, and with it the targets of all others. Safe for use
 * from any thread.
 */
final class ChannelDetails {

	private final ChannelBeans beans;

	/** The same for the same bundle, so that a refresh does not connect anew. */
	private final Map<SslBundle, TransportCredentials> credentials = new ConcurrentHashMap<>();

	ChannelDetails(ChannelBeans beans) {
		this.beans = beans;
	}

	ChannelBeans beans() {
		return this.beans;
	}

	/**
	 * Returns the target of a channel.
	 * @param settings the settings of the channel
	 * @return the target, without value if nobody knows it
	 */
	Setting<String> target(ChannelSettings settings) {
		Setting<String> ofProperties = settings.get("target", ChannelProperties::getTarget);
		return find(settings).map((details) -> details.getTarget(settings.channel()))
			.map((target) -> new Setting<>(ofProperties.property(), target))
			.orElse(ofProperties);
	}

	/**
	 * Applies the SSL bundle that the details have.
	 * @param settings the settings of the channel
	 * @param builder its options
	 * @return whether they have one, so that the properties do not matter
	 */
	boolean applySecurity(ChannelSettings settings, DialOptions.Builder builder) {
		String channel = settings.channel();
		Optional<SslBundle> bundle = find(settings).map((details) -> details.getSslBundle(channel));
		bundle.ifPresent((present) -> builder.transportCredentials(this.credentials.computeIfAbsent(present,
				(key) -> TransportCredentials.tls(SslContexts.create("of " + channel, key)))));
		return bundle.isPresent();
	}

	/** Tells in a failure where a target comes from that no property has. */
	String origin(ChannelSettings settings) {
		return find(settings).map((details) -> " The target is given by " + details.getClass().getName() + ".")
			.orElse("");
	}

	private Optional<ClientConnDetails> find(ChannelSettings settings) {
		return this.beans.forChannel(settings.channel(), ClientConnDetails.class)
			.stream()
			.filter((details) -> details.getTarget(settings.channel()) != null)
			.findFirst();
	}

}
