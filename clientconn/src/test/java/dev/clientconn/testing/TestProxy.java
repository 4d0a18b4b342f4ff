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

package dev.clientconn.testing;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import io.netty.util.ReferenceCountUtil;

/**
 * A proxy on loopback that connects every client to one backend, whatever it asks for,
 * and remembers what that was. Its answer and the first bytes of the backend leave
 * together, as those of a fast proxy may.
 */
public final class TestProxy implements AutoCloseable {

	private final int backend;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final Channel listener;

	private volatile String userAndPassword;

	private volatile boolean refusing;

	private TestProxy(boolean socks, int backend) {
		this.backend = backend;
		this.listener = new ServerBootstrap().group(KillableServerChannels.LOOPS)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<Channel>() {
				@Override
				protected void initChannel(Channel channel) {
					if (socks) {
						channel.pipeline()
							.addLast(Socks5ServerEncoder.DEFAULT, new Socks5InitialRequestDecoder(), new Socks());
					}
					else {
						channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1024), new Http());
					}
				}
			})
			.bind("127.0.0.1", 0)
			.syncUninterruptibly()
			.channel();
	}

	/**
	 * Starts one that understands HTTP CONNECT.
	 * @param backend the port on loopback that it connects to
	 */
	public static TestProxy http(int backend) {
		return new TestProxy(false, backend);
	}

	/**
	 * Starts one that understands SOCKS5.
	 * @param backend the port on loopback that it connects to
	 */
	public static TestProxy socks5(int backend) {
		return new TestProxy(true, backend);
	}

	/**
	 * Has it refuse whoever does not show this user name and password.
	 * @return this
	 */
	public TestProxy requiring(String user, String password) {
		this.userAndPassword = user + ":" + password;
		return this;
	}

	/**
	 * Has it refuse all connections to backends: HTTP 403, SOCKS5 HOST_UNREACHABLE.
	 * @return this
	 */
	public TestProxy refusing() {
		this.refusing = true;
		return this;
	}

	/**
	 * Returns the address.
	 */
	public InetSocketAddress address() {
		return (InetSocketAddress) this.listener.localAddress();
	}

	/**
	 * Returns what clients have asked to be connected to, in order: {@code host:port} for
	 * HTTP, with the type of the address before it for SOCKS5.
	 */
	public List<String> requests() {
		return List.copyOf(this.requests);
	}

	@Override
	public void close() {
		this.listener.close().syncUninterruptibly();
	}

	private boolean isAllowed(String shown) {
		String required = this.userAndPassword;
		return required == null || required.equals(shown);
	}

	/**
	 * Connects to the backend.
	 * @param answer what the client is told when the backend has spoken first
	 */
	private void connect(ChannelHandlerContext client, Object answer) {
		Bootstrap bootstrap = new Bootstrap().group(client.channel().eventLoop())
			.channel(NioSocketChannel.class)
			.handler(new ChannelInboundHandlerAdapter() {
				@Override
				public void channelRead(ChannelHandlerContext ctx, Object msg) {
					Channel channel = client.channel();
					if (channel.pipeline().get(Relay.class) == null) {
						channel.write(answer);
						for (String name : channel.pipeline().names()) {
							ChannelHandler handler = channel.pipeline().get(name);
							if (handler != null) {
								channel.pipeline().remove(handler);
							}
						}
						channel.pipeline().addLast(new Relay(ctx.channel()));
					}
					channel.writeAndFlush(msg);
				}

				@Override
				public void channelInactive(ChannelHandlerContext ctx) {
					client.channel().close();
				}

				@Override
				public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
					ctx.close();
				}
			});
		Channel channel = bootstrap.connect("127.0.0.1", this.backend).channel();
		client.channel().closeFuture().addListener((ChannelFutureListener) (future) -> channel.close());
	}

	/**
	 * HTTP CONNECT (RFC 9110 section 9.3.6).
	 */
	private final class Http extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			HttpRequest request = (HttpRequest) msg;
			TestProxy.this.requests.add(request.uri());
			String shown = request.headers().get(HttpHeaderNames.PROXY_AUTHORIZATION, "Basic ");
			shown = new String(Base64.getDecoder().decode(shown.substring("Basic ".length())), StandardCharsets.UTF_8);
			ReferenceCountUtil.release(msg);
			if (!isAllowed(shown)) {
				ctx.writeAndFlush(response(HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED));
			}
			else if (TestProxy.this.refusing) {
				ctx.writeAndFlush(response(HttpResponseStatus.FORBIDDEN));
			}
			else {
				connect(ctx, response(HttpResponseStatus.OK));
			}
		}

		private static DefaultFullHttpResponse response(HttpResponseStatus status) {
			DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
			if (status != HttpResponseStatus.OK) {
				response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
			}
			return response;
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

	/**
	 * SOCKS5 (RFC 1928) with user name and password (RFC 1929).
	 */
	private final class Socks extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			if (msg instanceof Socks5InitialRequest request) {
				greet(ctx, request);
			}
			else if (msg instanceof Socks5PasswordAuthRequest request) {
				boolean allowed = isAllowed(request.username() + ":" + request.password());
				ctx.pipeline().addFirst(new Socks5CommandRequestDecoder());
				ctx.writeAndFlush(new DefaultSocks5PasswordAuthResponse(
						allowed ? Socks5PasswordAuthStatus.SUCCESS : Socks5PasswordAuthStatus.FAILURE));
			}
			else {
				Socks5CommandRequest request = (Socks5CommandRequest) msg;
				TestProxy.this.requests
					.add(type(request.dstAddrType()) + " " + request.dstAddr() + ":" + request.dstPort());
				if (TestProxy.this.refusing) {
					ctx.writeAndFlush(new DefaultSocks5CommandResponse(Socks5CommandStatus.HOST_UNREACHABLE,
							Socks5AddressType.IPv4));
				}
				else {
					connect(ctx, new DefaultSocks5CommandResponse(Socks5CommandStatus.SUCCESS, Socks5AddressType.IPv4));
				}
			}
		}

		private static String type(Socks5AddressType type) {
			return type.toString().replaceFirst("\\(.*", "");
		}

		private void greet(ChannelHandlerContext ctx, Socks5InitialRequest request) {
			boolean password = TestProxy.this.userAndPassword != null;
			Socks5AuthMethod method = password ? Socks5AuthMethod.PASSWORD : Socks5AuthMethod.NO_AUTH;
			boolean offered = request.authMethods().contains(method);
			ctx.pipeline()
				.addFirst(password ? new Socks5PasswordAuthRequestDecoder() : new Socks5CommandRequestDecoder());
			ctx.writeAndFlush(new DefaultSocks5InitialResponse(offered ? method : Socks5AuthMethod.UNACCEPTED));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

	/**
	 * Takes what the client says to the backend.
	 */
	private static final class Relay extends ChannelInboundHandlerAdapter {

		private final Channel backend;

		Relay(Channel backend) {
			this.backend = backend;
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object msg) {
			this.backend.writeAndFlush(msg);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

}
