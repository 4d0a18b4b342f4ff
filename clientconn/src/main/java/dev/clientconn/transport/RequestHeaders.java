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

import java.util.Base64;
import java.util.concurrent.TimeUnit;

import io.grpc.Deadline;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.netty.handler.codec.http2.Http2HeadersEncoder.SensitivityDetector;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The header list of a request, filled for one stream after the other on the event loop.
 */
final class RequestHeaders extends LeanHeaders {

	/**
	 * Values that differ from call to call would only push the useful entries out of the
	 * peer's dynamic table, so they are sent as literals.
	 */
	static final SensitivityDetector LITERALS = (name, value) -> isLiteral(name);

	private static final AsciiString METHOD = PseudoHeaderName.METHOD.value();

	private static final AsciiString SCHEME = PseudoHeaderName.SCHEME.value();

	private static final AsciiString PATH = PseudoHeaderName.PATH.value();

	private static final AsciiString AUTHORITY = PseudoHeaderName.AUTHORITY.value();

	private static final AsciiString POST = AsciiString.cached("POST");

	private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");

	private static final AsciiString GRPC = AsciiString.cached("application/grpc");

	private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");

	private static final AsciiString TE = AsciiString.cached("te");

	private static final AsciiString TRAILERS = AsciiString.cached("trailers");

	private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");

	private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");

	private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");

	private static final AsciiString[] PER_CALL = { TIMEOUT, AsciiString.cached("traceparent"),
			AsciiString.cached("tracestate"), AsciiString.cached("b3"), AsciiString.cached("grpc-trace-bin"),
			AsciiString.cached("x-request-id") };

	private static final Logger logger = LoggerFactory.getLogger(RequestHeaders.class);

	private static final FastThreadLocal<RequestHeaders> OF_LOOP = new FastThreadLocal<>() {

		@Override
		protected RequestHeaders initialValue() {
			return new RequestHeaders();
		}

	};

	/** Stands for the common fields, which are then not in the list. */
	private RequestPrefixes.@Nullable Prefix prefix;

	private int commonCount;

	/** One for all connections of this event loop: each is written when it is filled. */
	static RequestHeaders ofThisLoop() {
		return OF_LOOP.get();
	}

	/**
	 * Fills the list; the timeout is what is left of the deadline now.
	 * @param shared of the ClientConn of the stream
	 * @param known the common fields as the connection has encoded them before
	 */
	void fill(StreamHead head, SharedHeaders shared, RequestPrefixes.@Nullable Prefix known) {
		reset();
		this.prefix = known;
		if (known == null) {
			appendCommon(head, shared);
		}
		this.commonCount = size();
		Deadline deadline = head.deadline();
		if (deadline != null) {
			append(TIMEOUT, TimeoutHeader.encode(deadline.timeRemaining(TimeUnit.NANOSECONDS)));
		}
		if (InternalMetadata.headerCount(head.metadata()) > 0) {
			appendAll(head.metadata());
		}
	}

	/** Returns what the block begins with, before the fields of this list. */
	RequestPrefixes.@Nullable Prefix prefix() {
		return this.prefix;
	}

	/** Returns how many fields, the first, are the same for all calls of the method. */
	int commonCount() {
		return this.commonCount;
	}

	/** Returns the size of those, as below. */
	long commonSize() {
		return sizeOf(this.commonCount);
	}

	/** Returns the size of all that RFC 9113 section 6.5.2 counts. */
	long listSize() {
		RequestPrefixes.Prefix before = this.prefix;
		return ((before != null) ? before.listSize : 0) + sizeOf(size());
	}

	private long sizeOf(int fields) {
		long bytes = 0;
		for (int i = 0; i < fields; i++) {
			bytes += name(i).length() + value(i).length() + 32;
		}
		return bytes;
	}

	private void appendCommon(StreamHead head, SharedHeaders shared) {
		String callAuthority = head.authority();
		append(METHOD, POST);
		append(SCHEME, shared.scheme);
		append(PATH, SharedHeaders.path(head.method()));
		append(AUTHORITY, (callAuthority != null) ? AsciiString.of(callAuthority) : shared.authority);
		String subtype = head.format().contentSubtype();
		append(CONTENT_TYPE, (subtype != null) ? AsciiString.of(GRPC + "+" + subtype) : GRPC);
		append(USER_AGENT, shared.userAgent);
		append(TE, TRAILERS);
		String encoding = head.format().encoding();
		if (encoding != null) {
			append(ENCODING, AsciiString.of(encoding));
		}
		AsciiString acceptEncoding = shared.acceptEncoding;
		if (acceptEncoding != null) {
			append(ACCEPT_ENCODING, acceptEncoding);
		}
	}

	private void appendAll(Metadata metadata) {
		byte[][] fields = InternalMetadata.serialize(metadata);
		for (int i = 0; i < fields.length; i += 2) {
			AsciiString name = new AsciiString(fields[i], false);
			byte[] value = fields[i + 1];
			if (isReserved(name)) {
				continue;
			}
			if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
				append(name, new AsciiString(Base64.getEncoder().withoutPadding().encode(value), false));
			}
			else if (isPrintable(value)) {
				append(name, new AsciiString(value, false));
			}
			else {
				logger.warn("header {} is not sent: its value has characters that are not printable ASCII", name);
			}
		}
	}

	/**
	 * Names that belong to the protocol: pseudo-headers, those above, all other grpc-
	 * names that the specification reserves, and those that HTTP/2 forbids (RFC 9113
	 * section 8.2.2).
	 */
	private static boolean isReserved(AsciiString name) {
		if (name.isEmpty() || name.byteAt(0) == ':') {
			return true;
		}
		return switch (name.length()) {
			case 2 -> name.contentEquals("te");
			case 7 -> name.contentEquals("upgrade");
			case 10 -> name.contentEquals("user-agent") || name.contentEquals("connection")
					|| name.contentEquals("keep-alive");
			case 11 -> name.contentEquals("grpc-status");
			case 12 -> name.contentEquals("content-type") || name.contentEquals("grpc-timeout")
					|| name.contentEquals("grpc-message");
			case 13 -> name.contentEquals("grpc-encoding");
			case 16 -> name.contentEquals("proxy-connection");
			case 17 -> name.contentEquals("transfer-encoding") || name.contentEquals("grpc-message-type");
			case 20 -> name.contentEquals("grpc-accept-encoding");
			default -> false;
		};
	}

	private static boolean isPrintable(byte[] value) {
		for (byte b : value) {
			if (b < 0x20 || b > 0x7e) {
				return false;
			}
		}
		return true;
	}

	private static boolean isLiteral(CharSequence name) {
		for (AsciiString literal : PER_CALL) {
			if (literal == name || literal.contentEquals(name)) {
				return true;
			}
		}
		return false;
	}

}
