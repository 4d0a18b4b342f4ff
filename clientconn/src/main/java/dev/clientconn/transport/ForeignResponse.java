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

import java.nio.charset.StandardCharsets;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;

/**
 * A response that is not gRPC's: a proxy's error page, most likely. The beginning of its
 * body goes into the status (seed-spec K57).
 */
final class ForeignResponse {

	/**
	 * Enough for the first sentence of an error page; a status is not the place for more.
	 */
	private static final int MAX_EXCERPT = 512;

	private final String description;

	private final int httpCode;

	private final StringBuilder excerpt = new StringBuilder();

	ForeignResponse(ResponseHeaders headers) {
		this.description = GrpcStatus.describe(headers);
		this.httpCode = GrpcStatus.httpCode(headers);
	}

	/**
	 * Adds a piece of the body.
	 * @return whether no more is wanted
	 */
	boolean add(ByteBuf data) {
		int length = Math.min(data.readableBytes(), MAX_EXCERPT - this.excerpt.length());
		this.excerpt.append(data.toString(data.readerIndex(), length, StandardCharsets.UTF_8));
		return this.excerpt.length() >= MAX_EXCERPT;
	}

	Status status() {
		return GrpcStatus.ofHttp(this.description, this.httpCode, this.excerpt.toString().strip());
	}

}
