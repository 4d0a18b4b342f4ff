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
import java.util.TreeSet;

import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;

/**
 * Client registrations of Spring Security.
 *
 * @param registrations the registrations
 * @param manager fetches tokens
 * @param clients where the manager keeps them
 */
record OAuth2ClientRegistrationTokens(ClientRegistrationRepository registrations, OAuth2AuthorizedClientManager manager,
		OAuth2AuthorizedClientService clients) implements ClientRegistrationTokens {

	@Override
	public TokenSource forRegistration(String registrationId) {
		// Any other repository may have to ask a database or an issuer.
		if (this.registrations instanceof InMemoryClientRegistrationRepository known) {
			check(registrationId, known);
		}
		return new OAuth2TokenSource(registrationId, this.manager, this.clients, InstantSource.system());
	}

	private static void check(String registrationId, InMemoryClientRegistrationRepository known) {
		ClientRegistration registration = known.findByRegistrationId(registrationId);
		if (registration == null) {
			TreeSet<String> ids = new TreeSet<>();
			known.forEach((each) -> ids.add(each.getRegistrationId()));
			throw new IllegalArgumentException("There is no client registration of that id (expected: one of " + ids
					+ ", the keys under spring.security.oauth2.client.registration)");
		}
		AuthorizationGrantType grantType = registration.getAuthorizationGrantType();
		if (!AuthorizationGrantType.CLIENT_CREDENTIALS.equals(grantType)) {
			throw new IllegalArgumentException("The client registration is for the grant type " + grantType.getValue()
					+ " (expected: client_credentials, by spring.security.oauth2.client.registration." + registrationId
					+ ".authorization-grant-type)");
		}
	}

}
