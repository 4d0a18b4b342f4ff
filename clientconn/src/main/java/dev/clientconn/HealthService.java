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

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which service the connections of a ClientConn are asked the health of, if any. Only in
 * the serial context.
 */
final class HealthService {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(ClientConn.class);

	private final Compression compression;

	private @Nullable String name;

	private boolean unimplementedTold;

	HealthService(Compression compression) {
		this.compression = compression;
	}

	Compression compression() {
		return this.compression;
	}

	/** Empty for the server as a whole, {@code null} to ask nothing. */
	@Nullable String name() {
		return this.name;
	}

	/** Returns whether it is another one. */
	boolean use(@Nullable String service) {
		boolean other = !Objects.equals(service, this.name);
		this.name = service;
		if (other) {
			this.unimplementedTold = false;
		}
		return other;
	}

	/** Tells once, and not for each connection, that there is nobody to ask. */
	void unimplemented(AddrConn addrConn) {
		if (!this.unimplementedTold) {
			this.unimplementedTold = true;
			logger.error("{} - the server does not implement grpc.health.v1.Health/Watch: it counts as healthy, and so"
					+ " do others like it", addrConn);
		}
	}

}
