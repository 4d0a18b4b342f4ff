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

import java.net.SocketAddress;
import java.time.Duration;

import dev.clientconn.naming.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Makes connected channels in place of the built-in TCP dialer ({@code WithDialer} in
 * Go).
 */
@FunctionalInterface
public interface Dialer {

	/**
	 * Connects a channel. Must not block. The channel is registered with the event loop
	 * of the given bootstrap; TLS and HTTP/2 are added once the future has succeeded. A
	 * dialer that sets a handler on the bootstrap adds the bootstrap's own behind it:
	 * that one keeps what the server says until HTTP/2 is there. Cancelling the future
	 * gives the attempt up; a channel that connects later than that is closed (seed-spec
	 * K45).
	 * @param request what to connect to
	 * @return succeeds with an active channel; a failure fails the attempt
	 */
	Future<Channel> dial(Request request);

	/**
	 * Returns the built-in dialer. It looks a host name up at each attempt and tries all
	 * its addresses in turn within the connect deadline; {@code unix:} addresses are
	 * connected through a domain socket.
	 * @return the dialer
	 */
	static Dialer tcp() {
		return TcpDialer.INSTANCE;
	}

	/**
	 * Returns a dialer through an HTTP proxy that understands CONNECT. Needs
	 * netty-handler-proxy on the class path. The proxy looks up host names.
	 * @param proxy address of the proxy
	 * @param user name for basic authentication, {@code null} for none
	 * @param password password of the user, {@code null} for an empty one
	 * @return the dialer
	 * @throws IllegalStateException if netty-handler-proxy is not on the class path
	 */
	static Dialer httpConnect(SocketAddress proxy, @Nullable String user, @Nullable String password) {
		return proxy(ProxyDialer.Protocol.HTTP_CONNECT, proxy, user, password);
	}

	/**
	 * Returns a dialer through a SOCKS5 proxy. Needs netty-handler-proxy on the class
	 * path. The proxy looks up host names.
	 * @param proxy address of the proxy
	 * @param user user name, {@code null} for none
	 * @param password password of the user, {@code null} for none
	 * @return the dialer
	 * @throws IllegalStateException if netty-handler-proxy is not on the class path
	 */
	static Dialer socks5(SocketAddress proxy, @Nullable String user, @Nullable String password) {
		return proxy(ProxyDialer.Protocol.SOCKS5, proxy, user, password);
	}

	private static Dialer proxy(ProxyDialer.Protocol protocol, SocketAddress proxy, @Nullable String user,
			@Nullable String password) {
		try {
			return new ProxyDialer(proxy, protocol, user, password);
		}
		catch (LinkageError ex) {
			throw new IllegalStateException("a proxy needs io.netty:netty-handler-proxy on the class path", ex);
		}
	}

	/**
	 * What to connect to.
	 *
	 * @param address the address
	 * @param bootstrap has event loop, channel type, handler and socket options set, and
	 * no remote address; a dialer works on it or on a clone
	 * @param timeout time left of the connect deadline
	 */
	record Request(Address address, Bootstrap bootstrap, Duration timeout) {
	}

}
