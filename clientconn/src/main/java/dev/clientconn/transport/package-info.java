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
 * One HTTP/2 connection to one address, and the gRPC streams on it.
 * <p>
 * Entry type: {@link dev.clientconn.transport.ClientTransport}. Everything of a
 * connection is owned by its event loop; {@link dev.clientconn.transport.StreamListener}
 * and {@link dev.clientconn.transport.TransportListener} are called there. This is the
 * only package that knows Netty's HTTP/2 codec. Messages cross it as bytes: framing,
 * compression and marshalling belong to the calls above.
 */
@NullMarked
package dev.clientconn.transport;

import org.jspecify.annotations.NullMarked;
