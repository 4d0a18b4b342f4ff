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

import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What a request starts with.
 *
 * @param method its full name is the path
 * @param authority the {@code :authority} of this call, {@code null} for the connection's
 * @param deadline sent as {@code grpc-timeout}, computed when the headers are written;
 * {@code null} for none
 * @param format how the request's messages are written
 * @param metadata the call's own headers, from the application, credentials and address;
 * not changed, and no longer changed by the caller
 * @param onReadyThreshold bytes that may wait to be sent before
 * {@link ClientStream#isReady} turns false
 * @param reserved whether the caller has counted the stream against the peer's limit, see
 * {@link ClientTransport#reservableStreams}
 */
public record StreamHead(MethodDescriptor<?, ?> method, @Nullable String authority, @Nullable Deadline deadline,
		MessageFormat format, Metadata metadata, int onReadyThreshold, boolean reserved) {

	/**
	 * Bytes that may wait before a stream is not ready, unless the call says otherwise.
	 */
	public static final int DEFAULT_ON_READY_THRESHOLD = 32 * 1024;

}
