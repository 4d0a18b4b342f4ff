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

import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLException;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * Makes Netty's TLS contexts of SSL bundles, one per bundle. When a bundle is updated its
 * context is replaced: connections made from then on use the new one, and channels that
 * want it replace those that are open. Safe for use from any thread.
 */
final class SslContexts {

	private static final Logger logger = LoggerFactory.getLogger(SslContexts.class);

	private final ObjectProvider<SslBundles> sslBundles;

	/** Told the name of a channel. */
	private final Consumer<String> reconnect;

	private final Map<String, Current> contexts = new ConcurrentHashMap<>();

	/** Bundle by channel. */
	private final Map<String, String> reconnecting = new ConcurrentHashMap<>();

	SslContexts(ObjectProvider<SslBundles> sslBundles, Consumer<String> reconnect) {
		this.sslBundles = sslBundles;
		this.reconnect = reconnect;
	}

	/**
	 * Returns the current context of a bundle, whenever asked.
	 * @param name name of the bundle
	 * @return supplies the current context; always the same for a bundle
	 * @throws NoSuchSslBundleException if there is no such bundle
	 * @throws IllegalArgumentException if the bundle cannot be used
	 */
	Supplier<SslContext> forBundle(String name) {
		return this.contexts.computeIfAbsent(name, this::load);
	}

	/**
	 * Says after the update of which bundle a channel reconnects.
	 * @param channel name of the channel
	 * @param bundle name of the bundle, {@code null} for none
	 */
	void onUpdate(String channel, @Nullable String bundle) {
		if (bundle != null) {
			this.reconnecting.put(channel, bundle);
		}
		else {
			this.reconnecting.remove(channel);
		}
	}

	private Current load(String name) {
		SslBundles bundles = this.sslBundles.getIfAvailable();
		if (bundles == null) {
			throw new NoSuchSslBundleException(name, "There are no SSL bundles");
		}
		Current context = new Current(create(name, bundles.getBundle(name)));
		bundles.addBundleUpdateHandler(name, (bundle) -> update(name, context, bundle));
		return context;
	}

	private void update(String name, AtomicReference<SslContext> context, SslBundle bundle) {
		try {
			context.set(create(name, bundle));
		}
		catch (IllegalArgumentException ex) {
			logger.warn("SSL bundle '{}' was updated and cannot be used; connections go on with the one before", name,
					ex);
			return;
		}
		List<String> channels = this.reconnecting.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(name))
			.map(Map.Entry::getKey)
			.sorted()
			.toList();
		logger.info("SSL bundle '{}' was updated; new connections use it; channels that reconnect: {}", name, channels);
		channels.forEach(this::reconnect);
	}

	private void reconnect(String channel) {
		try {
			this.reconnect.accept(channel);
		}
		catch (RuntimeException ex) {
			logger.warn("Channel '{}' could not be told to reconnect; its connections keep their certificates", channel,
					ex);
		}
	}

	static SslContext create(String name, SslBundle bundle) {
		try {
			return create(bundle);
		}
		catch (SSLException | RuntimeException ex) {
			throw new IllegalArgumentException("SSL bundle \"" + name + "\" cannot be used: " + ex.getMessage(), ex);
		}
	}

	private static SslContext create(SslBundle bundle) throws SSLException {
		SslOptions options = bundle.getOptions();
		SslContextBuilder builder = SslContextBuilder.forClient()
			.trustManager(bundle.getManagers().getTrustManagerFactory())
			.applicationProtocolConfig(
					new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
							SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2));
		if (bundle.getStores().getKeyStore() != null) {
			builder.keyManager(bundle.getManagers().getKeyManagerFactory());
		}
		if (options.getCiphers() != null) {
			builder.ciphers(SslOptions.asSet(options.getCiphers()));
		}
		else {
			builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
		}
		if (options.getEnabledProtocols() != null) {
			builder.protocols(options.getEnabledProtocols());
		}
		return builder.build();
	}

	private static final class Current extends AtomicReference<SslContext> implements Supplier<SslContext> {

		@Serial
		private static final long serialVersionUID = 1L;

		Current(SslContext context) {
			super(context);
		}

	}

}
