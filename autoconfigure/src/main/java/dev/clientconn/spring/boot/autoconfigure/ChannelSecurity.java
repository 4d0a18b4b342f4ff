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

import java.util.function.Supplier;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.SslProperties.OnUpdate;
import dev.clientconn.transport.TransportCredentials;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.core.NestedExceptionUtils;

/**
 * Maps the choice between plaintext and TLS. There is no default: plaintext must be
 * chosen by the channel itself, TLS may also come from the defaults. A channel that
 * chooses plaintext overrides TLS of the defaults.
 *
 * @param sslContexts makes TLS contexts of SSL bundles
 */
record ChannelSecurity(SslContexts sslContexts) {

	/**
	 * Applies the choice; leaves the options as they are if there is none.
	 * @param settings the settings of the channel
	 * @param builder its options
	 * @throws ClientConnConfigurationException if both are chosen, or the SSL bundle does
	 * not exist
	 */
	void apply(ChannelSettings settings, DialOptions.Builder builder) {
		Setting<Boolean> insecure = insecure(settings);
		if (insecure.orElse(false)) {
			Setting<?> tls = tls(settings.own("ssl.enabled", (p) -> p.getSsl().getEnabled()),
					settings.own("ssl.bundle", (p) -> p.getSsl().getBundle()));
			if (tls != null) {
				throw new ClientConnConfigurationException(insecure,
						"The channel chooses plaintext, and TLS by '" + tls.property() + "'.",
						"Remove one of the two properties: keep '" + tls.property()
								+ "' unless the backends speak plaintext.");
			}
			this.sslContexts.onUpdate(settings.channel(), null);
			builder.insecure();
			return;
		}
		Setting<String> bundle = settings.get("ssl.bundle", (p) -> p.getSsl().getBundle());
		if (tls(settings.get("ssl.enabled", (p) -> p.getSsl().getEnabled()), bundle) != null) {
			builder.transportCredentials(
					(bundle.value() != null) ? credentials(settings, bundle, bundle.value()) : withoutBundle(settings));
		}
	}

	/**
	 * Returns what to tell a user whose channel ended up without any choice.
	 * @param settings the settings of the channel
	 * @param refusal how dialing failed
	 * @return the failure
	 */
	static ClientConnConfigurationException missing(ChannelSettings settings, RuntimeException refusal) {
		return new ClientConnConfigurationException(new Setting<>(settings.property("insecure"), null),
				"The channel chooses neither TLS nor plaintext, and there is no default.",
				"Set '%s' to the name of an SSL bundle, or '%s' to true for TLS with the trusted certificates of the JVM, or '%s' to true for plaintext."
					.formatted(settings.property("ssl.bundle"), settings.property("ssl.enabled"),
							settings.property("insecure")),
				refusal);
	}

	private static Setting<Boolean> insecure(ChannelSettings settings) {
		Setting<Boolean> effective = settings.get("insecure", ChannelProperties::getInsecure);
		Setting<Boolean> own = settings.own("insecure", ChannelProperties::getInsecure);
		if (own.value() == null && effective.value() != null) {
			throw new ClientConnConfigurationException(effective, "Plaintext is chosen by each channel for itself.",
					"Remove the property, and set '" + own.property() + "' where plaintext is meant.");
		}
		return own;
	}

	private static @Nullable Setting<?> tls(Setting<Boolean> enabled, Setting<String> bundle) {
		if (enabled.value() != null) {
			return enabled.value() ? enabled : null;
		}
		return (bundle.value() != null) ? bundle : null;
	}

	private TransportCredentials withoutBundle(ChannelSettings settings) {
		this.sslContexts.onUpdate(settings.channel(), null);
		return TransportCredentials.tls();
	}

	private TransportCredentials credentials(ChannelSettings settings, Setting<String> setting, String bundle) {
		try {
			Supplier<SslContext> context = this.sslContexts.forBundle(bundle);
			boolean reconnect = settings.<OnUpdate>get("ssl.on-update", (p) -> p.getSsl().getOnUpdate())
				.orElse(OnUpdate.RECONNECT) == OnUpdate.RECONNECT;
			this.sslContexts.onUpdate(settings.channel(), reconnect ? bundle : null);
			return TransportCredentials.tls(context);
		}
		catch (NoSuchSslBundleException ex) {
			throw new ClientConnConfigurationException(setting, "There is no SSL bundle of that name.",
					"Define it as 'spring.ssl.bundle.pem." + bundle + "' or 'spring.ssl.bundle.jks." + bundle
							+ "', or correct the name.",
					ex);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			throw new ClientConnConfigurationException(setting,
					"The SSL bundle cannot be used: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage(),
					"Correct the certificates and keys of 'spring.ssl.bundle.*." + bundle + "'.", ex);
		}
	}

}
