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
 * The {@code :path} of each method, made once for all connections of a ClientConn.
 */
final class RequestPaths {

	/** More methods than that are made up at run time and not worth keeping. */
	private static final int MAX_KEPT = 1000;

	private final ConcurrentHashMap<String, AsciiString> paths = new ConcurrentHashMap<>();

	AsciiString of(MethodDescriptor<?, ?> method) {
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
