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

package dev.clientconn.stats;

/**
 * How often a call was sent again (gRFC A96).
 *
 * @param retries attempts by a retry policy
 * @param transparentRetries attempts because a server had not processed the one before
 * @param hedges attempts beside others, by a hedging policy
 * @param delayNanos nanoseconds during which the call had no attempt, because the next
 * one was not due
 */
public record Repeats(int retries, int transparentRetries, int hedges, long delayNanos) {
}
