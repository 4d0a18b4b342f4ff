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

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways to talk to the kernel. The native ones are optional dependencies and are
 * therefore only ever named by strings.
 */
enum IoTransport {

	IO_URING("io.netty.channel.uring", "IoUring"),

	EPOLL("io.netty.channel.epoll", "Epoll"),

	KQUEUE("io.netty.channel.kqueue", "KQueue"),

	NIO("io.netty.channel.nio", "Nio");

	/** System property that selects a transport of the shared event loops by name. */
	static final String PROPERTY = "dev.clientconn.transport";

	private static final Logger logger = LoggerFactory.getLogger(IoTransport.class);

	// made when they are first needed: to look a class up is slow

	private static final Map<IoTransport, ChannelFactory<Channel>> UNIX = new ConcurrentHashMap<>();

	private static final Map<IoTransport, ChannelFactory<Channel>> IPV4 = new ConcurrentHashMap<>();

	private static final Map<IoTransport, ChannelFactory<Channel>> TCP = new ConcurrentHashMap<>();

	private final String prefix;

	IoTransport(String packageName, String name) {
		this.prefix = packageName + "." + name;
	}

	/**
	 * Returns the transport of the shared event loops: the one that the system property
	 * names, else epoll where present, else NIO. io_uring is never chosen by itself: many
	 * containers forbid it.
	 */
	static IoTransport forSharedEventLoops() {
		String name = System.getProperty(PROPERTY, "");
		for (IoTransport transport : values()) {
			if (transport.name().equalsIgnoreCase(name)) {
				if (transport.isAvailable()) {
					return transport;
				}
				logger.warn("{}={} is not available here; using the default", PROPERTY, name);
			}
		}
		return EPOLL.isAvailable() ? EPOLL : NIO;
	}

	static IoTransport of(EventLoopGroup group) {
		if (group instanceof IoEventLoopGroup loops) {
			for (IoTransport transport : values()) {
				Class<? extends IoHandler> handler = transport.handlerType();
				if (handler != null && loops.isIoType(handler)) {
					return transport;
				}
			}
		}
		throw new IllegalArgumentException("eventLoopGroup: " + group.getClass().getName()
				+ " (expected: a MultiThreadIoEventLoopGroup for NIO, epoll, io_uring or kqueue)");
	}

	boolean isAvailable() {
		if (this == NIO) {
			return true;
		}
		Class<?> type = load(this.prefix);
		try {
			return type != null && Boolean.TRUE.equals(type.getMethod("isAvailable").invoke(null));
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			return false;
		}
	}

	IoHandlerFactory newHandlerFactory() {
		if (this == NIO) {
			return NioIoHandler.newFactory();
		}
		try {
			Class<?> type = Class.forName(this.prefix + "IoHandler");
			return (IoHandlerFactory) type.getMethod("newFactory").invoke(null);
		}
		catch (InvocationTargetException ex) {
			throw new IllegalStateException(this + " is not usable", ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(this + " is not usable", ex);
		}
	}

	ChannelFactory<Channel> channels(SocketKind kind) {
		Map<IoTransport, ChannelFactory<Channel>> known = switch (kind) {
			case UNIX -> UNIX;
			case IPV4 -> IPV4;
			case TCP -> TCP;
		};
		ChannelFactory<Channel> channels = known.get(this);
		return (channels != null) ? channels : known.computeIfAbsent(this, (made) -> made.newChannelFactory(kind));
	}

	private ChannelFactory<Channel> newChannelFactory(SocketKind kind) {
		if (this == NIO) {
			return switch (kind) {
				case UNIX -> new ReflectiveChannelFactory<>(NioDomainSocketChannel.class);
				case IPV4 -> () -> new NioSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET);
				case TCP -> new ReflectiveChannelFactory<>(NioSocketChannel.class);
			};
		}
		boolean unix = kind == SocketKind.UNIX;
		Class<?> type = load(this.prefix + (unix ? "DomainSocketChannel" : "SocketChannel"));
		if (type == null) {
			throw new IllegalStateException(this + " has no " + (unix ? "Unix domain" : "TCP") + " sockets");
		}
		Class<? extends Channel> channels = type.asSubclass(Channel.class);
		return (kind == SocketKind.IPV4) ? ipv4ChannelFactory(channels) : new ReflectiveChannelFactory<>(channels);
	}

	private static ChannelFactory<Channel> ipv4ChannelFactory(Class<? extends Channel> type) {
		Constructor<? extends Channel> constructor;
		try {
			constructor = type.getConstructor(SocketProtocolFamily.class);
		}
		catch (NoSuchMethodException ex) {
			// io_uring has the one kind only, which can do both.
			return new ReflectiveChannelFactory<>(type);
		}
		return () -> {
			try {
				return constructor.newInstance(SocketProtocolFamily.INET);
			}
			catch (InvocationTargetException ex) {
				throw new ChannelException("no IPv4 socket", ex.getCause());
			}
			catch (ReflectiveOperationException ex) {
				throw new ChannelException("no IPv4 socket", ex);
			}
		};
	}

	boolean supportsUnix() {
		return this == NIO || load(this.prefix + "DomainSocketChannel") != null;
	}

	SocketAddress unixAddress(String path) {
		return (this == NIO) ? UnixDomainSocketAddress.of(path) : new DomainSocketAddress(path);
	}

	/**
	 * Returns the option that bounds how long sent bytes may stay unacknowledged, in
	 * milliseconds; {@code null} where there is none. Constants of options are found by
	 * their names.
	 */
	@Nullable ChannelOption<Integer> tcpUserTimeout() {
		Class<?> options = (this == EPOLL) ? load(this.prefix + "ChannelOption") : null;
		return (options != null) ? ChannelOption.valueOf(options, "TCP_USER_TIMEOUT") : null;
	}

	private @Nullable Class<? extends IoHandler> handlerType() {
		if (this == NIO) {
			return NioIoHandler.class;
		}
		Class<?> type = load(this.prefix + "IoHandler");
		return (type != null) ? type.asSubclass(IoHandler.class) : null;
	}

	private static @Nullable Class<?> load(String name) {
		try {
			return Class.forName(name, false, IoTransport.class.getClassLoader());
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return null;
		}
	}

}
