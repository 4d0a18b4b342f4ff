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
 * What happened, told in the past tense: connection and call events for metrics, without
 * any metrics library.
 * <p>
 * Entry type: {@link dev.clientconn.stats.StatsHandler}. Callbacks of connections come
 * from the control plane's serial queue, those of calls from the caller's thread and
 * event loops; they must be quick and must not block.
 */
@NullMarked
package dev.clientconn.stats;

import org.jspecify.annotations.NullMarked;
