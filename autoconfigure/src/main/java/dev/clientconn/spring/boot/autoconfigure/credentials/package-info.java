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

/**
 * Credentials of calls by property: basic, bearer token, OAuth 2.0 client credentials
 * through Spring Security, or a bean.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnCredentialsAutoConfiguration}.
 * Tokens are fetched on a thread of their own, one fetch at a time, and never on the
 * thread of a call or of an event loop. No message, log line or {@code toString} holds a
 * secret.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.credentials;

import org.jspecify.annotations.NullMarked;
