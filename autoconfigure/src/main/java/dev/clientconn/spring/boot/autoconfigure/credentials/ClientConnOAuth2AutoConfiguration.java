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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.InMemoryOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for tokens by Spring Security's
 * OAuth 2.0 client.
 * <p>
 * An {@link AuthorizedClientServiceOAuth2AuthorizedClientManager} bean is used as it is,
 * because it works outside of web requests. Without one we make our own, which fetches
 * with the application's {@link OAuth2AccessTokenResponseClient} bean if there is one,
 * and shares no tokens with the rest of the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class,
		afterName = "org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration")
@ConditionalOnClass(OAuth2AuthorizedClientManager.class)
@ConditionalOnBean({ ClientConns.class, ClientRegistrationRepository.class })
public final class ClientConnOAuth2AutoConfiguration {

	@Bean
	OAuth2ClientRegistrationTokens clientConnClientRegistrationTokens(ClientRegistrationRepository registrations,
			ObjectProvider<AuthorizedClientServiceOAuth2AuthorizedClientManager> managers,
			ObjectProvider<OAuth2AuthorizedClientService> services,
			ObjectProvider<OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest>> endpoints) {
		OAuth2AuthorizedClientManager manager = managers.getIfUnique();
		OAuth2AuthorizedClientService service = services.getIfUnique();
		if (manager != null && service != null) {
			return new OAuth2ClientRegistrationTokens(registrations, manager, service);
		}
		service = new InMemoryOAuth2AuthorizedClientService(registrations);
		return new OAuth2ClientRegistrationTokens(registrations, ownManager(registrations, service, endpoints),
				service);
	}

	private static OAuth2AuthorizedClientManager ownManager(ClientRegistrationRepository registrations,
			OAuth2AuthorizedClientService service,
			ObjectProvider<OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest>> endpoints) {
		AuthorizedClientServiceOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceOAuth2AuthorizedClientManager(
				registrations, service);
		manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
			.clientCredentials((grant) -> endpoints.ifUnique(grant::accessTokenResponseClient))
			.build());
		return manager;
	}

}
