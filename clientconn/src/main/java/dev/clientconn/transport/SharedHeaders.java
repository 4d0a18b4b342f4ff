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

import java.util.concurrent.ConcurrentHashMap;

import io.grpc.MethodDescriptor;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of requests have in common, made once for all connections of a
 * ClientConn.
 */
final class SharedHeaders {

	/** More methods than that are made up at run time and not worth keeping. */
	private static final int MAX_KEPT = 1000;

	final AsciiString scheme;

	final AsciiString authority;

	final AsciiString userAgent;

	/** {@code null} to send none. */
	final @Nullable AsciiString acceptEncoding;

	private final ConcurrentHashMap<String, AsciiString> paths = new ConcurrentHashMap<>(1);

	SharedHeaders(TransportOptions options) {
		this.scheme = AsciiString.cached(options.credentials().isSecure() ? "https" : "http");
		this.authority = AsciiString.cached(options.authority());
		this.userAgent = AsciiString.cached(options.userAgent());
		this.acceptEncoding = options.acceptEncoding().isEmpty() ? null : AsciiString.cached(options.acceptEncoding());
	}

	/** The {@code :path} of a method. */
	AsciiString path(MethodDescriptor<?, ?> method) {
		String name = method.getFullMethodName();
		@Nullable AsciiString path = this.paths.get(name);
		if (path == null) {
			path = new AsciiString("/" + name);
			if (this.paths.size() < MAX_KEPT) {
				this.paths.put(name, path);
			}
		}
		return path;
	}

}
