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

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Tokens by the client credentials grant.
 *
 * @param registrationId id of the client registration
 * @param manager fetches tokens
 * @param clients where the manager keeps them
 * @param clock tells the time
 */
record OAuth2TokenSource(String registrationId, OAuth2AuthorizedClientManager manager,
		OAuth2AuthorizedClientService clients, InstantSource clock) implements TokenSource {

	/** The service itself, not one of its users, is the principal. */
	private static final String PRINCIPAL = "clientconn";

	@Override
	public Token fetch(boolean anew) {
		try {
			if (anew) {
				this.clients.removeAuthorizedClient(this.registrationId, PRINCIPAL);
			}
			OAuth2AuthorizedClient client = this.manager.authorize(
					OAuth2AuthorizeRequest.withClientRegistrationId(this.registrationId).principal(PRINCIPAL).build());
			if (client == null) {
				throw failure(Status.UNAUTHENTICATED, "its grant type is not client_credentials", null);
			}
			return token(client.getAccessToken());
		}
		catch (OAuth2AuthorizationException ex) {
			throw failure(ex);
		}
		catch (IllegalArgumentException ex) {
			throw failure(Status.UNAUTHENTICATED, String.valueOf(ex.getMessage()), null);
		}
	}

	@Override
	public String description() {
		return "client registration '" + this.registrationId + "'";
	}

	private Token token(OAuth2AccessToken token) {
		Instant now = this.clock.instant();
		Instant expiresAt = token.getExpiresAt();
		return (expiresAt != null) ? Token.expiring(token.getTokenValue(), now, expiresAt)
				: Token.lasting(token.getTokenValue(), Instant.MAX);
	}

	/**
	 * Nobody, or a server in trouble, has answered: time may cure it, so calls may be
	 * repeated. Texts of the token endpoint stay in the cause.
	 */
	private StatusRuntimeException failure(OAuth2AuthorizationException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof IOException) {
				return failure(Status.UNAVAILABLE, cause.toString(), failure);
			}
			if (cause instanceof RestClientResponseException answer) {
				boolean serverInTrouble = answer.getStatusCode().is5xxServerError();
				return failure(serverInTrouble ? Status.UNAVAILABLE : Status.UNAUTHENTICATED,
						"the token endpoint answered " + answer.getStatusCode(), failure);
			}
		}
		return failure(Status.UNAUTHENTICATED, failure.getError().getErrorCode(), failure);
	}

	private StatusRuntimeException failure(Status status, String reason, @Nullable Throwable cause) {
		return status.withDescription("client registration '" + this.registrationId + "': no token: " + reason)
			.withCause(cause)
			.asRuntimeException();
	}

}
