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
 * Balancers: which addresses a ClientConn connects to and which one a call goes to.
 * <p>
 * Entry type: {@link dev.clientconn.balancer.Balancer}, the five verbs of grpc-go's 2017
 * contract. {@code up}, {@code down} and state changes arrive from one serial queue, in
 * order and with no lock held; {@code get} runs on the thread of each call and never
 * blocks.
 */
@NullMarked
package dev.clientconn.balancer;

import org.jspecify.annotations.NullMarked;
