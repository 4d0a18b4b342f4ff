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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;

/**
 * Writes and reads one type of message.
 */
final class JsonMarshaller implements PrototypeMarshaller<Message> {

	private final Message prototype;

	private final JsonFormat.Printer printer;

	private final JsonFormat.Parser parser;

	JsonMarshaller(Message prototype, JsonFormat.TypeRegistry types) {
		this.prototype = prototype;
		this.printer = JsonFormat.printer().omittingInsignificantWhitespace().usingTypeRegistry(types);
		this.parser = JsonFormat.parser().ignoringUnknownFields().usingTypeRegistry(types);
	}

	@Override
	public Message getMessagePrototype() {
		return this.prototype;
	}

	@Override
	@SuppressWarnings("unchecked")
	public Class<Message> getMessageClass() {
		return (Class<Message>) this.prototype.getClass();
	}

	/**
	 * Writes a message.
	 * @throws io.grpc.StatusRuntimeException INTERNAL if it holds an {@code Any} of a
	 * type that is not known
	 */
	@Override
	public InputStream stream(Message value) {
		try {
			return new Json(this.printer.print(value).getBytes(StandardCharsets.UTF_8));
		}
		catch (InvalidProtocolBufferException ex) {
			throw Status.INTERNAL.withDescription("cannot be written as JSON: " + ex.getMessage())
				.withCause(ex)
				.asRuntimeException();
		}
	}

	/**
	 * Reads a message.
	 * @throws io.grpc.StatusRuntimeException INTERNAL if it is not JSON of this type
	 */
	@Override
	public Message parse(InputStream stream) {
		Message.Builder builder = this.prototype.newBuilderForType();
		try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
			this.parser.merge(reader, builder);
			return builder.build();
		}
		catch (InvalidProtocolBufferException ex) {
			throw Status.INTERNAL
				.withDescription("the response is not JSON of " + this.prototype.getDescriptorForType().getFullName()
						+ " (does the server know application/grpc+json?): " + ex.getMessage())
				.withCause(ex)
				.asRuntimeException();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A message whose length is known, which saves a copy.
	 */
	private static final class Json extends ByteArrayInputStream implements KnownLength {

		Json(byte[] text) {
			super(text);
		}

	}

}
