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

package dev.clientconn.transport;

import org.jspecify.annotations.Nullable;

/**
 * How the messages of a request are written, as its headers say.
 *
 * @param contentSubtype what follows {@code application/grpc+} in the content-type,
 * {@code null} for {@code application/grpc} alone
 * @param encoding the {@code grpc-encoding}, {@code null} for identity
 */
public record MessageFormat(@Nullable String contentSubtype, @Nullable String encoding) {

	/** What both sides agree on unless told otherwise. */
	public static final MessageFormat PLAIN = new MessageFormat(null, null);

	/**
	 * Returns a format.
	 * @param contentSubtype see above
	 * @param encoding see above
	 * @return {@link #PLAIN} where both are {@code null}
	 */
	public static MessageFormat of(@Nullable String contentSubtype, @Nullable String encoding) {
		return (contentSubtype == null && encoding == null) ? PLAIN : new MessageFormat(contentSubtype, encoding);
	}

}
