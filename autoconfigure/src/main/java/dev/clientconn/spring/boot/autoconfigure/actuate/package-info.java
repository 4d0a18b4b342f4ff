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
 * The Actuator endpoint {@code clientconn}: the state of each channel and each of its
 * addresses.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.actuate.ClientConnEndpoint}. Reading
 * takes snapshots and never connects; write operations need
 * {@code management.endpoint.clientconn.access=unrestricted}.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
