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

import io.grpc.StatusRuntimeException;

/**
 * Where tokens come from.
 */
interface TokenSource {

	/**
	 * Fetches a token; may block.
	 * @param anew whether the server has rejected the last one, so that no copy kept
	 * elsewhere will do
	 * @return a token
	 * @throws StatusRuntimeException if there is none; its status ends the calls that
	 * wait, and holds no secret
	 */
	Token fetch(boolean anew);

	/**
	 * Returns what the source is called in messages and thread names.
	 * @return such as {@code client registration 'orders'}
	 */
	String description();

}
