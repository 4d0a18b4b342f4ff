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

package dev.clientconn.spring.boot.autoconfigure.observation;

import io.micrometer.common.KeyValues;

/**
 * The span names and attributes of gRFC A72, and the keys of Micrometer's own gRPC
 * observation.
 *
 * @since 0.1.0
 */
public class DefaultClientConnAttemptObservationConvention implements ClientConnAttemptObservationConvention {

	@Override
	public String getName() {
		return DefaultClientConnCallObservationConvention.NAME + ".attempt";
	}

	@Override
	public String getContextualName(ClientConnAttemptContext context) {
		return "Attempt." + context.getCall().getMethod().getFullMethodName().replace('/', '.');
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ClientConnAttemptContext context) {
		return DefaultClientConnCallObservationConvention.common(context.getCall(), context.getStatus())
			.and("previous-rpc-attempts", String.valueOf(context.getPreviousAttempts()), "transparent-retry",
					String.valueOf(context.isTransparentRetry()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ClientConnAttemptContext context) {
		String peer = context.getPeerAddress();
		return (peer != null) ? KeyValues.of("network.peer.address", peer) : KeyValues.empty();
	}

}
