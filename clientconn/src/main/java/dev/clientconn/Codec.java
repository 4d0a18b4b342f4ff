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

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor.Marshaller;
import org.jspecify.annotations.Nullable;

/**
 * Replaces how messages become bytes ({@code WithCodec} in Go), for all calls of a
 * ClientConn by {@link DialOptions.Builder#codec}, or for one call by {@link #OPTION}.
 * Used by any thread. Codecs are told apart by {@code equals}; keep one and use it again.
 */
public interface Codec {

	/**
	 * The codec of one call, in place of the one of the ClientConn
	 * ({@code CallContentSubtype} in Go): {@code stub.withOption(Codec.OPTION, json)}. A
	 * codec whose content-subtype is not valid makes the call fail with an
	 * {@link IllegalArgumentException} when it is created.
	 */
	CallOptions.Key<@Nullable Codec> OPTION = CallOptions.Key.create("dev.clientconn.Codec");

	/**
	 * Returns the codec that leaves messages as the generated code declares them,
	 * protobuf most often: for a call that does not want the codec of its ClientConn.
	 * @return always the same
	 */
	static Codec declared() {
		return DeclaredCodec.INSTANCE;
	}

	/**
	 * Returns a name for log lines.
	 * @return such as {@code json}
	 */
	String name();

	/**
	 * Returns the content-subtype, which tells the server how messages are encoded: the
	 * content-type of requests is {@code application/grpc+} and this (gRPC over HTTP/2,
	 * "Content-Type"). Responses may have any content-subtype, as with grpc-java and
	 * grpc-go: servers often answer {@code application/grpc} whatever the encoding.
	 * @return such as {@code json}, in lower case; {@code null} for
	 * {@code application/grpc} alone, with which both sides have to agree in advance
	 */
	default @Nullable String contentSubtype() {
		return null;
	}

	/**
	 * Returns the marshaller to use in place of the one that the method declares. Asked
	 * once per method and direction, and kept.
	 * @param <T> the message type
	 * @param declared the marshaller that the generated code declares
	 * @return the marshaller to use, possibly {@code declared}
	 */
	<T> Marshaller<T> marshaller(Marshaller<T> declared);

}
