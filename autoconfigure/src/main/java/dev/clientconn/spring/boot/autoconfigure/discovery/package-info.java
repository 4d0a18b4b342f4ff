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
 * Addresses from Spring Cloud's {@code DiscoveryClient}, for targets such as
 * {@code discovery:///orders}.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.discovery.DiscoveryResolver}. Look-ups
 * block, so they run on the blocking executor of the engine, one at a time per channel. A
 * registry that fails or forgets a service never takes away addresses that are in use.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.discovery;

import org.jspecify.annotations.NullMarked;
