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

import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.DialOptions;
import io.grpc.ClientInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Adds the global interceptors, then those that the channel names, then its static
 * metadata: from the outermost to the innermost.
 */
final class ChannelInterceptors implements ChannelMapping {

	/** By name, because Spring gRPC is optional. */
	private static final String SPRING_GRPC_ANNOTATION = "org.springframework.grpc.client.GlobalClientInterceptor";

	private final ChannelBeans beans;

	private final @Nullable Class<? extends Annotation> springGrpc;

	ChannelInterceptors(ChannelBeans beans) {
		this.beans = beans;
		ClassLoader classLoader = beans.beanFactory().getBeanClassLoader();
		this.springGrpc = ClassUtils.isPresent(SPRING_GRPC_ANNOTATION, classLoader)
				? ClassUtils.resolveClassName(SPRING_GRPC_ANNOTATION, classLoader).asSubclass(Annotation.class) : null;
	}

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		this.beans.forChannel(settings.channel(), ClientInterceptor.class, this::isGlobal)
			.forEach((name, interceptor) -> add(
					isOfSpringGrpc(name) ? SpringGrpcCalls.others(interceptor) : interceptor, builder));
		settings.get("interceptors", ChannelProperties::getInterceptors)
			.as(this::named)
			.to((interceptors) -> interceptors.forEach((interceptor) -> add(interceptor, builder)));
		StaticMetadata metadata = StaticMetadata.of(settings);
		if (!metadata.isEmpty()) {
			add(metadata, builder);
		}
	}

	private boolean isGlobal(String beanName) {
		return this.beans.isAnnotated(beanName, GlobalClientInterceptor.class) || isOfSpringGrpc(beanName);
	}

	private boolean isOfSpringGrpc(String beanName) {
		return this.springGrpc != null && this.beans.isAnnotated(beanName, this.springGrpc);
	}

	private List<ClientInterceptor> named(List<String> beanNames) {
		List<ClientInterceptor> interceptors = new ArrayList<>();
		beanNames.forEach((beanName) -> interceptors.add(this.beans.named(beanName, ClientInterceptor.class)));
		return interceptors;
	}

	private static void add(ClientInterceptor interceptor, DialOptions.Builder builder) {
		builder.unaryInterceptor(interceptor).streamInterceptor(interceptor);
	}

}
