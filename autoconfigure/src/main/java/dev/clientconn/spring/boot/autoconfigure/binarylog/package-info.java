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

/**
 * Logs calls as {@code grpc.binarylog.v1.GrpcLogEntry}, by grpc-services (gRFC A16).
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.binarylog.ClientConnBinaryLogAutoConfiguration}.
 * Entries are made on the threads of the calls and written by one thread per file or
 * logger, so that no call waits for a disk.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.binarylog;

import org.jspecify.annotations.NullMarked;
