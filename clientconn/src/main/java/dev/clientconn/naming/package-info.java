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
 * Names and addresses: what a target means and which addresses it has now.
 * <p>
 * Entry type: {@link dev.clientconn.naming.Resolver}. A resolver delivers full lists
 * through an {@link dev.clientconn.naming.AddressListener}, from any thread. This package
 * depends on nothing else of the engine but its time.
 */
@NullMarked
package dev.clientconn.naming;

import org.jspecify.annotations.NullMarked;
