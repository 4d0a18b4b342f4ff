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

import org.jspecify.annotations.Nullable;

/**
 * What each call carries to say who calls. A channel that chooses a kind of its own does
 * not inherit another kind from the defaults.
 */
public class CredentialsProperties {

	/**
	 * Whether calls carry credentials. Enabled automatically if a kind of credentials is
	 * set.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Whether the credentials are sent over TLS only.
	 */
	private @Nullable Boolean requireTls;

	/**
	 * Name of a CallCredentials or PerRpcCredentials bean.
	 */
	private @Nullable String bean;

	private final Basic basic = new Basic();

	private final Bearer bearer = new Bearer();

	private final OAuth2 oauth2 = new OAuth2();

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable Boolean getRequireTls() {
		return this.requireTls;
	}

	public void setRequireTls(@Nullable Boolean requireTls) {
		this.requireTls = requireTls;
	}

	public @Nullable String getBean() {
		return this.bean;
	}

	public void setBean(@Nullable String bean) {
		this.bean = bean;
	}

	public Basic getBasic() {
		return this.basic;
	}

	public Bearer getBearer() {
		return this.bearer;
	}

	public OAuth2 getOauth2() {
		return this.oauth2;
	}

	/**
	 * User name and password.
	 */
	public static class Basic {

		/**
		 * User name, without a colon.
		 */
		private @Nullable String username;

		/**
		 * Password of the user.
		 */
		private @Nullable String password;

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

	}

	/**
	 * A token that was issued elsewhere.
	 */
	public static class Bearer {

		/**
		 * Token that never changes.
		 */
		private @Nullable String token;

		/**
		 * Location of a resource that holds the token, read again while it is in use.
		 */
		private @Nullable String tokenLocation;

		public @Nullable String getToken() {
			return this.token;
		}

		public void setToken(@Nullable String token) {
			this.token = token;
		}

		public @Nullable String getTokenLocation() {
			return this.tokenLocation;
		}

		public void setTokenLocation(@Nullable String tokenLocation) {
			this.tokenLocation = tokenLocation;
		}

	}

	/**
	 * A token that is fetched by the client credentials grant of OAuth 2.0.
	 */
	public static class OAuth2 {

		/**
		 * Id of a client registration of Spring Security, a key under
		 * 'spring.security.oauth2.client.registration'.
		 */
		private @Nullable String registrationId;

		public @Nullable String getRegistrationId() {
			return this.registrationId;
		}

		public void setRegistrationId(@Nullable String registrationId) {
			this.registrationId = registrationId;
		}

	}

}
