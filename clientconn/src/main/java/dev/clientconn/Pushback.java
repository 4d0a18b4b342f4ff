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

package dev.clientconn;

import java.util.concurrent.TimeUnit;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about another attempt in {@code grpc-retry-pushback-ms} (gRFC A6).
 *
 * @param delayNanos nanoseconds after which it may follow; negative for never
 */
record Pushback(long delayNanos) {

	static final Metadata.Key<String> KEY = Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

	private static final Pushback NEVER = new Pushback(-1);

	/**
	 * Reads the trailers of an attempt.
	 * @return {@code null} if they say nothing; what cannot be read, or is said more than
	 * once, means never
	 */
	static @Nullable Pushback of(Metadata trailers) {
		Iterable<String> values = trailers.getAll(KEY);
		if (values == null) {
			return null;
		}
		String only = null;
		for (String value : values) {
			if (only != null) {
				return NEVER;
			}
			only = value;
		}
		try {
			int millis = Integer.parseInt((only != null) ? only : "");
			return (millis >= 0) ? new Pushback(TimeUnit.MILLISECONDS.toNanos(millis)) : NEVER;
		}
		catch (NumberFormatException ex) {
			return NEVER;
		}
	}

	boolean isNever() {
		return this.delayNanos < 0;
	}

}
