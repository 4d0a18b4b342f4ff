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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;

/**
 * The two messages of {@code grpc.health.v1.Health/Watch}, by hand: the engine has no
 * protobuf. Fields that are not known are skipped.
 */
final class HealthProtocol {

	/** A service name in, the number of a {@link Serving} out. */
	static final MethodDescriptor<String, Serving> WATCH = MethodDescriptor
		.<String, Serving>newBuilder(new Request(), new Response())
		.setType(MethodType.SERVER_STREAMING)
		.setFullMethodName("grpc.health.v1.Health/Watch")
		.build();

	private static final int FIELD = 1;

	private static final int VARINT = 0;

	private static final int FIXED_64 = 1;

	private static final int LENGTH_DELIMITED = 2;

	private static final int START_GROUP = 3;

	private static final int END_GROUP = 4;

	private static final int FIXED_32 = 5;

	private static final int MAX_VARINT_BYTES = 10;

	private HealthProtocol() {
	}

	private static void skip(InputStream in, long tag) throws IOException {
		switch ((int) tag & 7) {
			case VARINT -> readVarint(in);
			case FIXED_64 -> skipBytes(in, 8);
			case LENGTH_DELIMITED -> skipBytes(in, readVarint(in));
			case START_GROUP -> {
				for (long inner = requireTag(in); ((int) inner & 7) != END_GROUP; inner = requireTag(in)) {
					skip(in, inner);
				}
			}
			case FIXED_32 -> skipBytes(in, 4);
			default -> throw new IOException("wire type " + ((int) tag & 7));
		}
	}

	private static void skipBytes(InputStream in, long count) throws IOException {
		for (long i = 0; i < count; i++) {
			requireByte(in);
		}
		if (count < 0) {
			throw new IOException("length " + count);
		}
	}

	private static long requireTag(InputStream in) throws IOException {
		return readVarint(in, requireByte(in));
	}

	private static long readVarint(InputStream in) throws IOException {
		return readVarint(in, requireByte(in));
	}

	private static long readVarint(InputStream in, int firstByte) throws IOException {
		long value = 0;
		int next = firstByte;
		for (int i = 0; i < MAX_VARINT_BYTES; i++) {
			value |= (long) (next & 0x7f) << (7 * i);
			if (next < 0x80) {
				return value;
			}
			next = requireByte(in);
		}
		throw new IOException("a number of more than " + MAX_VARINT_BYTES + " bytes");
	}

	private static int requireByte(InputStream in) throws IOException {
		int read = in.read();
		if (read < 0) {
			throw new EOFException("the end in the middle of a field");
		}
		return read;
	}

	/**
	 * What a server says of a service.
	 */
	enum Serving {

		/** Also for numbers that are not known. */
		UNKNOWN,

		SERVING,

		NOT_SERVING,

		SERVICE_UNKNOWN;

		private static Serving of(long number) {
			// An enum is an int32: what is above is cut off, as protobuf does it.
			return switch ((int) number) {
				case 1 -> SERVING;
				case 2 -> NOT_SERVING;
				case 3 -> SERVICE_UNKNOWN;
				default -> UNKNOWN;
			};
		}

	}

	/**
	 * {@code HealthCheckRequest}: field 1 is the name, left out if it is empty.
	 */
	private static final class Request implements Marshaller<String> {

		@Override
		public InputStream stream(String service) {
			byte[] name = service.getBytes(StandardCharsets.UTF_8);
			ByteArrayOutputStream out = new ByteArrayOutputStream(name.length + 3);
			if (name.length > 0) {
				out.write(FIELD << 3 | LENGTH_DELIMITED);
				int rest = name.length;
				for (; rest >= 0x80; rest >>>= 7) {
					out.write(rest & 0x7f | 0x80);
				}
				out.write(rest);
				out.writeBytes(name);
			}
			return new Bytes(out.toByteArray());
		}

		@Override
		public String parse(InputStream stream) {
			throw new UnsupportedOperationException("a client sends requests");
		}

	}

	/**
	 * {@code HealthCheckResponse}: field 1 is the status; the last one counts.
	 */
	private static final class Response implements Marshaller<Serving> {

		@Override
		public InputStream stream(Serving value) {
			throw new UnsupportedOperationException("a client reads responses");
		}

		@Override
		public Serving parse(InputStream stream) {
			try {
				Serving serving = Serving.UNKNOWN;
				for (int first = stream.read(); first >= 0; first = stream.read()) {
					long tag = readVarint(stream, first);
					if (tag == (FIELD << 3 | VARINT)) {
						serving = Serving.of(readVarint(stream));
					}
					else {
						skip(stream, tag);
					}
				}
				return serving;
			}
			catch (IOException ex) {
				throw Status.INTERNAL.withDescription("malformed HealthCheckResponse: " + ex.getMessage())
					.withCause(ex)
					.asRuntimeException();
			}
		}

	}

	private static final class Bytes extends ByteArrayInputStream implements KnownLength {

		Bytes(byte[] bytes) {
			super(bytes);
		}

	}

}
