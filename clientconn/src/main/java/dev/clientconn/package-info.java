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
 * A gRPC client connection after grpc-go's clientconn.go of 2017, as a
 * {@link io.grpc.ManagedChannel}.
 * <p>
 * Entry type: {@link dev.clientconn.ClientConn}, made by
 * {@link dev.clientconn.ClientConn#dial}. It learns addresses from a balancer's notify
 * stream, keeps one AddrConn per address connected with backoff, picks an address per
 * call and carries the call over HTTP/2. Control state belongs to one serial queue per
 * ClientConn; call threads read what it publishes and hop once, to the event loop of the
 * chosen connection.
 */
@NullMarked
package dev.clientconn;

import org.jspecify.annotations.NullMarked;
