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
 * Auto-configuration of {@code ClientConn} beans from properties.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration}. One bean
 * per channel is dialed while the application context starts, which checks its
 * configuration and does not touch the network unless the channel says so. Applications
 * meet {@link dev.clientconn.spring.boot.autoconfigure.ClientConns} and
 * {@link dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer}.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
