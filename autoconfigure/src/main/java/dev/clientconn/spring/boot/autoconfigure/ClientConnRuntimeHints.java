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

import java.util.List;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/**
 * What a native image must be told: the properties classes, and what the engine finds by
 * name or makes by reflection. Netty describes its own needs.
 */
class ClientConnRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		// Channels are also bound on their own, before there is a properties bean.
		BindableRuntimeHintsRegistrar.forTypes(ClientConnProperties.class, ChannelProperties.class)
			.registerHints(hints, classLoader);
		// The binder makes it of a text.
		hints.reflection().registerType(ServiceConfigProperties.class, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		for (Class<?> channel : List.of(NioSocketChannel.class, NioDomainSocketChannel.class)) {
			hints.reflection().registerType(channel, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		}
		// The engine chooses epoll by itself, the others only when told to.
		for (String transport : List.of("epoll.Epoll", "uring.IoUring", "kqueue.KQueue")) {
			registerTransport(hints, classLoader, "io.netty.channel." + transport);
		}
	}

	/** The names and methods that the engine's {@code IoTransport} looks up. */
	private static void registerTransport(RuntimeHints hints, @Nullable ClassLoader classLoader, String prefix) {
		hints.reflection()
			.registerTypeIfPresent(classLoader, prefix,
					(type) -> type.withMethod("isAvailable", List.of(), ExecutableMode.INVOKE))
			.registerTypeIfPresent(classLoader, prefix + "IoHandler",
					(type) -> type.withMethod("newFactory", List.of(), ExecutableMode.INVOKE));
		for (String channel : List.of("SocketChannel", "DomainSocketChannel")) {
			hints.reflection()
				.registerTypeIfPresent(classLoader, prefix + channel,
						(type) -> type.withConstructor(List.of(), ExecutableMode.INVOKE)
							.onReachableType(TypeReference.of(prefix)));
		}
		hints.reflection()
			.registerTypeIfPresent(classLoader, prefix + "SocketChannel",
					(type) -> type
						.withConstructor(List.of(TypeReference.of(SocketProtocolFamily.class)), ExecutableMode.INVOKE)
						.onReachableType(TypeReference.of(prefix)));
	}

}
