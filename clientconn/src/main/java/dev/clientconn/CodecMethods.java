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

package dev.clientconn;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.grpc.MethodDescriptor;

/**
 * Methods with the marshallers of a codec in place of their own.
 */
final class CodecMethods {

	private final Codec codec;

	private final ConcurrentMap<MethodDescriptor<?, ?>, MethodDescriptor<?, ?>> methods = new ConcurrentHashMap<>();

	CodecMethods(Codec codec) {
		requireValid(codec);
		this.codec = codec;
	}

	/** The entry of a method has its own types, whatever the map says. */
	@SuppressWarnings("unchecked")
	<ReqT, RespT> MethodDescriptor<ReqT, RespT> of(MethodDescriptor<ReqT, RespT> method) {
		return (MethodDescriptor<ReqT, RespT>) this.methods.computeIfAbsent(method,
				(declared) -> method
					.toBuilder(this.codec.marshaller(method.getRequestMarshaller()),
							this.codec.marshaller(method.getResponseMarshaller()))
					.build());
	}

	/**
	 * Checks what goes into the content-type.
	 * @throws IllegalArgumentException if it cannot
	 */
	static void requireValid(Codec codec) {
		String subtype = codec.contentSubtype();
		if (subtype != null && !isToken(subtype)) {
			throw new IllegalArgumentException("codec " + codec.name() + ": contentSubtype \"" + subtype
					+ "\" (expected: lower case letters, digits, '.', '-', '_' and '+', such as \"json\"; null for "
					+ "application/grpc alone)");
		}
	}

	private static boolean isToken(String subtype) {
		return !subtype.isEmpty() && subtype.chars()
			.allMatch((c) -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "._+-".indexOf(c) >= 0);
	}

}
