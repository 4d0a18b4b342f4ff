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

package dev.clientconn.transport;

/**
 * How far a stream has come, for messages.
 *
 * @param sent whether the request headers have been written
 * @param queuedNanos nanoseconds that it has waited, or waits, behind the peer's limit;
 * to about a millisecond, 0 if it did not have to wait
 * @param limit streams that the peer takes at once, {@link Long#MAX_VALUE} for no limit
 */
public record StreamProgress(boolean sent, long queuedNanos, long limit) {
}
