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
 * Micrometer observations of the calls of the configured channels, with the span names of
 * gRFC A72, and the trace context on the wire.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.observation.ClientConnObservationAutoConfiguration}.
 * An observation of a call starts on the caller's thread; those of its attempts start and
 * stop wherever the engine does, and are its children.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.observation;

import org.jspecify.annotations.NullMarked;
