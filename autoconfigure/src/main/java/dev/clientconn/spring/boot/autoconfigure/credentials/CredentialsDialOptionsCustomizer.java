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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import dev.clientconn.spring.boot.autoconfigure.Setting;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Gives each channel the credentials that its properties choose. Looks nothing up on the
 * network. A channel keeps its credentials, and with them its tokens, as long as it
 * chooses the same.
 */
final class CredentialsDialOptionsCustomizer implements DialOptionsCustomizer, Ordered {

	private final ClientConnProperties properties;

	private final ListableBeanFactory beans;

	private final ResourceLoader resources;

	private final ObjectProvider<ClientRegistrationTokens> registrations;

	/** By channel. */
	private final Map<String, Made> made = new ConcurrentHashMap<>();

	/**
	 * Creates a customizer.
	 * @param properties the properties of all channels
	 * @param beans holds the beans that properties name
	 * @param resources loads the files that properties name
	 * @param registrations the OAuth 2.0 client registrations, if Spring Security is
	 * present
	 */
	CredentialsDialOptionsCustomizer(ClientConnProperties properties, ListableBeanFactory beans,
			ResourceLoader resources, ObjectProvider<ClientRegistrationTokens> registrations) {
		this.properties = properties;
		this.beans = beans;
		this.resources = resources;
		this.registrations = registrations;
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		ChannelSettings settings = ChannelSettings.of(this.properties, channel);
		Setting<Boolean> enabled = settings.get("credentials.enabled", (p) -> p.getCredentials().getEnabled());
		if (!enabled.orElse(true)) {
			return;
		}
		Setting<Boolean> requireTls = settings.get("credentials.require-tls",
				(p) -> p.getCredentials().getRequireTls());
		Kind kind = Kind.of(settings);
		if (kind != Kind.BASIC) {
			refuseLonePassword(settings);
		}
		if (kind == null) {
			enabled.to((value) -> {
				throw new IllegalArgumentException("No kind of credentials is set (expected: one of basic, bearer,"
						+ " oauth2 and bean under '" + settings.own("credentials", (p) -> null).property() + "')");
			});
			return;
		}
		Setting<String> setting = kind.setting(settings);
		switch (kind) {
			case BASIC -> add(basic(channel, setting, settings), requireTls, builder);
			case BEARER_TOKEN -> add(setting.as((token) -> keep(channel, List.of(kind, token),
					() -> new FixedCredentials(AuthorizationHeader.bearer(token)))), requireTls, builder);
			case BEARER_TOKEN_LOCATION ->
				add(setting.as((location) -> keep(channel, List.of(kind, location), () -> file(location))), requireTls,
						builder);
			case OAUTH2 ->
				add(setting.as((id) -> keep(channel, List.of(kind, id), () -> registration(id))), requireTls, builder);
			case BEAN -> setting.as((name) -> bean(name, requireTls)).to(builder::perRpcCredentials);
		}
	}

	private static void add(Setting<? extends CallCredentials> setting, Setting<Boolean> requireTls,
			DialOptions.Builder builder) {
		setting.to((credentials) -> {
			builder.perRpcCredentials(new PerRpcCredentials(credentials, requireTls.orElse(true)));
			if (credentials instanceof TokenCredentials tokens) {
				builder.unaryInterceptor(tokens).streamInterceptor(tokens);
			}
		});
	}

	/** Returns what was made of the same choice before, else makes it. */
	private CallCredentials keep(String channel, List<?> choice, Supplier<CallCredentials> maker) {
		Made before = this.made.get(channel);
		if (before != null && before.choice.equals(choice)) {
			return before.credentials;
		}
		CallCredentials credentials = maker.get();
		this.made.put(channel, new Made(choice, credentials));
		return credentials;
	}

	private Setting<CallCredentials> basic(String channel, Setting<String> username, ChannelSettings settings) {
		Setting<String> password = password(settings);
		return username.as((value) -> {
			if (password.value() == null) {
				throw new IllegalArgumentException(
						"There is no password for the user (expected: '" + password.property() + "')");
			}
			return keep(channel, List.of(Kind.BASIC, value, password.value()),
					() -> new FixedCredentials(AuthorizationHeader.basic(value, password.value())));
		});
	}

	private static void refuseLonePassword(ChannelSettings settings) {
		Setting<String> password = settings.own("credentials.basic.password",
				(p) -> p.getCredentials().getBasic().getPassword());
		password.to((value) -> {
			throw new IllegalArgumentException("There is no user name for the password (expected: '"
					+ Kind.BASIC.setting(settings).property() + "')");
		});
	}

	private static Setting<String> password(ChannelSettings settings) {
		return settings.get("credentials.basic.password", (p) -> p.getCredentials().getBasic().getPassword());
	}

	private TokenCredentials file(String location) {
		Resource resource = this.resources.getResource(location);
		if (!resource.exists()) {
			throw new IllegalArgumentException("There is no such file or resource");
		}
		InstantSource clock = InstantSource.system();
		return new TokenCredentials(
				new TokenCache(new ResourceTokenSource(location, resource, clock), clock, TokenCache.FETCH_TIMEOUT));
	}

	private TokenCredentials registration(String registrationId) {
		ClientRegistrationTokens tokens = this.registrations.getIfAvailable();
		if (tokens == null) {
			throw new IllegalArgumentException(
					"There are no client registrations (expected: Spring Security's OAuth 2.0"
							+ " client, by spring-boot-starter-security-oauth2-client, and properties under"
							+ " spring.security.oauth2.client.registration." + registrationId + ")");
		}
		return new TokenCredentials(new TokenCache(tokens.forRegistration(registrationId), InstantSource.system(),
				TokenCache.FETCH_TIMEOUT));
	}

	private PerRpcCredentials bean(String name, Setting<Boolean> requireTls) {
		Object bean = this.beans.containsBean(name) ? this.beans.getBean(name) : null;
		if (bean instanceof PerRpcCredentials credentials) {
			return new PerRpcCredentials(credentials.credentials(),
					requireTls.orElse(credentials.requireTransportSecurity()));
		}
		if (bean instanceof CallCredentials credentials) {
			return new PerRpcCredentials(credentials, requireTls.orElse(true));
		}
		TreeSet<String> known = new TreeSet<>();
		for (Class<?> type : new Class<?>[] { CallCredentials.class, PerRpcCredentials.class }) {
			known.addAll(List.of(this.beans.getBeanNamesForType(type, true, false)));
		}
		throw new IllegalArgumentException("There is no CallCredentials or PerRpcCredentials bean of that name"
				+ " (expected: one of " + known + ")");
	}

	/**
	 * Credentials and what they were made of.
	 */
	private record Made(List<?> choice, CallCredentials credentials) {

		/** Without the choice, which may be a secret. */
		@Override
		public String toString() {
			return this.credentials.getClass().getSimpleName();
		}

	}

}
