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
 * ClientConn, or of the process.
 */
final class SharedHeaders {

	private static final AsciiString HTTP = AsciiString.cached("http");

	private static final AsciiString HTTPS = AsciiString.cached("https");

	/** More than that are made up at run time and not worth keeping. */
	private static final int MAX_KEPT = 10_000;

	// Most ClientConns of a process have the same.

	/** By the full name of the method. */
	private static final ConcurrentHashMap<String, AsciiString> paths = new ConcurrentHashMap<>();

	private static final ConcurrentHashMap<String, AsciiString> texts = new ConcurrentHashMap<>();

	final AsciiString scheme;

	final AsciiString authority;

	final AsciiString userAgent;

	/** {@code null} to send none. */
	final @Nullable AsciiString acceptEncoding;

	SharedHeaders(TransportOptions options) {
		this.scheme = options.credentials().isSecure() ? HTTPS : HTTP;
		this.authority = AsciiString.cached(options.authority());
		this.userAgent = common(options.userAgent());
		this.acceptEncoding = options.acceptEncoding().isEmpty() ? null : common(options.acceptEncoding());
	}

	/** The {@code :path} of a method. */
	static AsciiString path(MethodDescriptor<?, ?> method) {
		String name = method.getFullMethodName();
		@Nullable AsciiString path = paths.get(name);
		return (path != null) ? path : keep(paths, name, new AsciiString("/" + name));
	}

	private static AsciiString common(String text) {
		@Nullable AsciiString known = texts.get(text);
		return (known != null) ? known : keep(texts, text, AsciiString.cached(text));
	}

	private static AsciiString keep(ConcurrentHashMap<String, AsciiString> among, String text, AsciiString made) {
		if (among.size() >= MAX_KEPT) {
			return made;
		}
		AsciiString before = among.putIfAbsent(text, made);
		return (before != null) ? before : made;
	}

}
