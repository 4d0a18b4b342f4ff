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

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * What a socket can connect to.
 */
enum SocketKind {

	/** A path. */
	UNIX,

	/**
	 * IPv4 only. An IPv6 socket, which is what Netty opens by itself, reaches IPv4
	 * addresses too, but takes more system calls and a longer way through the kernel.
	 */
	IPV4,

	/** IPv4 and IPv6, where the machine has both. */
	TCP;

	/** What is best for one address. */
	static SocketKind of(SocketAddress remote) {
		if (!(remote instanceof InetSocketAddress inet)) {
			return UNIX;
		}
		return (inet.getAddress() instanceof Inet4Address) ? IPV4 : TCP;
	}

}
