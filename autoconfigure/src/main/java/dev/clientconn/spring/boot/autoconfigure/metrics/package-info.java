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
 * Micrometer meters of the configured channels, with the names of gRFC A66 and A94 where
 * they have one.
 * <p>
 * Entry type:
 * {@link dev.clientconn.spring.boot.autoconfigure.metrics.ClientConnMetricsAutoConfiguration}.
 * Calls and connections are counted as they happen, on the engine's threads; gauges read
 * one snapshot per channel and scrape.
 */
@NullMarked
package dev.clientconn.spring.boot.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
