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

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;

import dev.clientconn.naming.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Connects through a proxy, which looks the target's name up itself. The only class that
 * needs the optional netty-handler-proxy.
 */
record ProxyDialer(SocketAddress proxy, Protocol protocol, @Nullable String user,
		@Nullable String password) implements Dialer {

	ProxyDialer {
		// Here, where the application can be told, and not at the first dial.
		Objects.requireNonNull(ProxyHandler.class);
	}

	@Override
	public Future<Channel> dial(Request request) {
		Address address = request.address();
		if (address.isUnix()) {
			throw new IllegalArgumentException("a proxy cannot reach a Unix domain socket");
		}
		EventLoop loop = request.bootstrap().config().group().next();
		Promise<Channel> result = loop.newPromise();
		if (this.proxy instanceof InetSocketAddress inet && inet.isUnresolved()) {
			TcpDialer.lookUp(inet.getHostString(), loop, result,
					(found) -> connect(request, new InetSocketAddress(found[0], inet.getPort()), result));
		}
		else {
			connect(request, this.proxy, result);
		}
		return result;
	}

	/** Without the password. */
	@Override
	public String toString() {
		return this.protocol + " " + this.proxy;
	}

	private void connect(Request request, SocketAddress resolvedProxy, Promise<Channel> result) {
		ProxyHandler handler = newHandler(resolvedProxy);
		// The connect timeout covers the proxy.
		handler.setConnectTimeoutMillis(0);
		Bootstrap bootstrap = request.bootstrap()
			.clone()
			.resolver(NoopAddressResolverGroup.INSTANCE)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
		ChannelHandler behind = bootstrap.config().handler();
		bootstrap.handler(new ChannelInitializer<Channel>() {
			@Override
			protected void initChannel(Channel channel) {
				channel.pipeline().addLast(handler, behind);
			}
		});
		ChannelFuture connect = bootstrap.connect(destination(request.address()));
		Channel channel = connect.channel();
		result.addListener((done) -> {
			if (!done.isSuccess()) {
				channel.close();
			}
		});
		handler.connectFuture().addListener((done) -> {
			if (!done.isSuccess()) {
				result.tryFailure(done.cause());
			}
			else if (!result.trySuccess(channel)) {
				channel.close();
			}
		});
		connect.addListener((done) -> {
			if (!done.isSuccess()) {
				result.tryFailure(
						new ProxyConnectException("cannot connect to the proxy " + resolvedProxy, done.cause()));
			}
		});
	}

	/**
	 * Returns what to ask the proxy for. SOCKS5 has a form of its own for IP addresses
	 * (RFC 1928 section 5), and Netty takes it only for those that are resolved.
	 */
	private static InetSocketAddress destination(Address address) {
		byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
		return (literal != null) ? TcpDialer.address(address.host(), literal, address.port())
				: InetSocketAddress.createUnresolved(address.host(), address.port());
	}

	private ProxyHandler newHandler(SocketAddress resolvedProxy) {
		String secret = (this.password != null) ? this.password : "";
		return switch (this.protocol) {
			case HTTP_CONNECT -> (this.user != null) ? new HttpProxyHandler(resolvedProxy, this.user, secret)
					: new HttpProxyHandler(resolvedProxy);
			case SOCKS5 -> new Socks5ProxyHandler(resolvedProxy, this.user, this.password);
		};
	}

	/**
	 * What is spoken with the proxy.
	 */
	enum Protocol {

		HTTP_CONNECT, SOCKS5

	}

}
