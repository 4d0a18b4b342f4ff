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

package dev.clientconn.benchmarks.floor;

import io.grpc.MethodDescriptor;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;

/**
 * What every gRPC request begins with.
 */
final class RequestHeaders {

	private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");

	private static final AsciiString FLOOR = AsciiString.cached("floor");

	private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");

	private static final AsciiString GRPC = AsciiString.cached("application/grpc");

	private static final AsciiString TE = AsciiString.cached("te");

	private static final AsciiString TRAILERS = AsciiString.cached("trailers");

	private RequestHeaders() {
	}

	static Http2Headers of(MethodDescriptor<?, ?> method, String authority) {
		return ReadOnlyHttp2Headers.clientHeaders(false, AsciiString.of("POST"),
				AsciiString.of("/" + method.getFullMethodName()), AsciiString.of("http"), AsciiString.of(authority),
				CONTENT_TYPE, GRPC, TE, TRAILERS, USER_AGENT, FLOOR);
	}

}
