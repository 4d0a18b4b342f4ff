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

package dev.clientconn.spring.boot.autoconfigure.codec;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.clientconn.Codec;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import org.jspecify.annotations.Nullable;

/**
 * Sends protobuf messages in their JSON form, as {@code application/grpc+json}, to
 * servers that understand it: {@code clientconn.channels.<name>.call.codec=json}, or
 * {@code stub.withOption(Codec.OPTION, codec)} with the bean of this type. Fields of
 * responses that the message does not have are ignored, as protobuf does.
 *
 * @since 0.1.0
 */
public final class ProtobufJsonCodec implements Codec {

	private final JsonFormat.@Nullable TypeRegistry types;

	private ProtobufJsonCodec(JsonFormat.@Nullable TypeRegistry types) {
		this.types = types;
	}

	/**
	 * Returns a codec that finds the types inside {@code google.protobuf.Any} among those
	 * of the file of each message and of what it imports.
	 * @return a codec
	 */
	public static ProtobufJsonCodec create() {
		return new ProtobufJsonCodec(null);
	}

	/**
	 * Returns a codec for messages with an {@code Any} of other types.
	 * @param types the types that may be inside
	 * @return a codec; as a bean it replaces ours
	 */
	public static ProtobufJsonCodec of(JsonFormat.TypeRegistry types) {
		return new ProtobufJsonCodec(types);
	}

	@Override
	public String name() {
		return "json";
	}

	@Override
	public String contentSubtype() {
		return "json";
	}

	/**
	 * {@inheritDoc}
	 * @throws IllegalArgumentException if the method's messages are not protobuf with
	 * descriptors (those of protobuf-javalite have none)
	 */
	@Override
	@SuppressWarnings("unchecked") // A prototype is of the type of its marshaller.
	public <T> Marshaller<T> marshaller(Marshaller<T> declared) {
		if (declared instanceof PrototypeMarshaller<T> marshaller
				&& marshaller.getMessagePrototype() instanceof Message prototype) {
			return (Marshaller<T>) new JsonMarshaller(prototype, (this.types != null) ? this.types
					: JsonFormat.TypeRegistry.newBuilder().add(prototype.getDescriptorForType()).build());
		}
		throw new IllegalArgumentException(
				"codec json: the method's messages are read by " + declared.getClass().getName()
						+ " (expected: generated protobuf messages, not those of protobuf-javalite)");
	}

}
