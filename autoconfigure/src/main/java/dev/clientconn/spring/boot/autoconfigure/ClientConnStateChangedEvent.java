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

package dev.clientconn.spring.boot.autoconfigure;

import io.grpc.ConnectivityState;
import io.grpc.Status;

/**
 * Published when an address of a channel has changed its state. Listeners run one at a
 * time, in the order of the changes, on a thread of their own: a slow one delays no call
 * and no connection. Changes that come faster than listeners take them are joined per
 * address: {@code from} is what was told last, {@code to} is what the address is now. An
 * address that has gone back to what was told last is not told of.
 *
 * @param channel name of the channel
 * @param address such as {@code 10.0.0.1:9090}
 * @param from the state that was told last
 * @param to the state now, different from {@code from}
 * @param cause why it is in TRANSIENT_FAILURE or SHUTDOWN; otherwise OK
 * @since 0.1.0
 */
public record ClientConnStateChangedEvent(String channel, String address, ConnectivityState from, ConnectivityState to,
		Status cause) {

}
