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
 * Serves the stubs of Spring gRPC and Boot's gRPC client: a target that is the name of a
 * channel gets the connection of that channel.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.springgrpc.ClientConnGrpcChannelFactory}.
 * Stubs of one channel share its connection, which belongs to the application context;
 * what a factory hands out are views of it that can be shut down on their own.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import org.jspecify.annotations.NullMarked;
