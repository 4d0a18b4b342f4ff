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

/**
 * Finds the tokens of OAuth 2.0 client registrations. Keeps Spring Security out of the
 * classes that must work without it.
 */
interface ClientRegistrationTokens {

	/**
	 * Returns the source of one registration's tokens. Does not touch the network.
	 * @param registrationId id of a client registration
	 * @return its tokens
	 * @throws IllegalArgumentException if it is known that there is no such registration,
	 * or that it is not for the client credentials grant
	 */
	TokenSource forRegistration(String registrationId);

}
