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

import java.nio.charset.StandardCharsets;

import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AsciiString;

/**
 * Turns what a server says into a {@link Status}, by the tables of the gRPC over HTTP/2
 * specification.
 */
final class GrpcStatus {

	private static final String GRPC_CONTENT_TYPE = "application/grpc";

	private GrpcStatus() {
	}

	/** Returns the status of trailers, or of a trailers-only response. */
	static Status ofTrailers(ResponseHeaders trailers, boolean trailersOnly) {
		AsciiString code = trailers.grpcStatus();
		if (code == null) {
			return (trailersOnly && !isGrpc(trailers)) ? ofHttp(trailers, "")
					: Status.UNKNOWN.withDescription("the server ended the call without grpc-status");
		}
		AsciiString message = trailers.grpcMessage();
		Status status = ofCode(code);
		return (message != null) ? status.withDescription(percentDecode(message)) : status;
	}

	/** Returns whether these headers may start a gRPC response. */
	static boolean isGrpc(ResponseHeaders headers) {
		AsciiString type = headers.contentType();
		if (!isHttpOk(headers) || type == null || !type.startsWith(GRPC_CONTENT_TYPE)) {
			return false;
		}
		int end = GRPC_CONTENT_TYPE.length();
		return type.length() == end || type.byteAt(end) == '+' || type.byteAt(end) == ';';
	}

	/**
	 * Returns the status of a response that is not gRPC's, as a proxy would send it.
	 * @param excerpt the beginning of its body
	 */
	static Status ofHttp(ResponseHeaders headers, String excerpt) {
		return ofHttp(describe(headers), httpCode(headers), excerpt);
	}

	static Status ofHttp(String description, int httpCode, String excerpt) {
		Status status = switch (httpCode) {
			case 400, 431 -> Status.INTERNAL;
			case 401 -> Status.UNAUTHENTICATED;
			case 403 -> Status.PERMISSION_DENIED;
			case 404 -> Status.UNIMPLEMENTED;
			case 429, 502, 503, 504 -> Status.UNAVAILABLE;
			default -> Status.UNKNOWN;
		};
		return status.withDescription(excerpt.isEmpty() ? description : description + ": " + excerpt);
	}

	static String describe(ResponseHeaders headers) {
		AsciiString type = headers.contentType();
		AsciiString code = headers.httpStatus();
		return "the response is not gRPC: HTTP status " + ((code != null) ? code : "missing") + ", content-type "
				+ ((type != null) ? type : "missing");
	}

	/** Returns the HTTP status code, -1 if it is missing or not a number. */
	static int httpCode(ResponseHeaders headers) {
		AsciiString code = headers.httpStatus();
		return (code != null && code.length() == 3) ? parse(code) : -1;
	}

	static Status ofReset(long errorCode) {
		Http2Error error = Http2Error.valueOf(errorCode);
		String text = "the server reset the stream: " + name(errorCode);
		if (error == null) {
			return Status.UNKNOWN.withDescription(text);
		}
		Status status = switch (error) {
			case REFUSED_STREAM -> Status.UNAVAILABLE;
			case CANCEL -> Status.CANCELLED;
			case ENHANCE_YOUR_CALM -> Status.RESOURCE_EXHAUSTED;
			case INADEQUATE_SECURITY -> Status.PERMISSION_DENIED;
			case HTTP_1_1_REQUIRED -> Status.UNKNOWN;
			default -> Status.INTERNAL;
		};
		return status.withDescription(text);
	}

	/** Returns the name of an HTTP/2 error code. */
	static String name(long errorCode) {
		Http2Error error = Http2Error.valueOf(errorCode);
		return (error != null) ? error.name() : "0x" + Long.toHexString(errorCode);
	}

	private static boolean isHttpOk(ResponseHeaders headers) {
		AsciiString code = headers.httpStatus();
		return code != null && code.contentEquals("200");
	}

	private static Status ofCode(AsciiString code) {
		if (code.length() == 1 && code.byteAt(0) == '0') {
			return Status.OK;
		}
		int value = (code.length() <= 4) ? parse(code) : -1;
		return (value >= 0) ? Status.fromCodeValue(value)
				: Status.UNKNOWN.withDescription("grpc-status is not a number: " + code);
	}

	private static int parse(AsciiString digits) {
		int value = 0;
		for (int i = 0; i < digits.length(); i++) {
			int digit = digits.byteAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			value = 10 * value + digit;
		}
		return digits.isEmpty() ? -1 : value;
	}

	/**
	 * Decodes {@code %XX}; what is malformed is kept as it is, as the specification asks.
	 */
	private static String percentDecode(AsciiString text) {
		if (text.indexOf('%', 0) < 0) {
			return new String(text.array(), text.arrayOffset(), text.length(), StandardCharsets.UTF_8);
		}
		byte[] decoded = new byte[text.length()];
		int length = 0;
		for (int i = 0; i < text.length(); i++) {
			byte b = text.byteAt(i);
			if (b == '%' && i + 2 < text.length()) {
				int high = Character.digit(text.byteAt(i + 1), 16);
				int low = Character.digit(text.byteAt(i + 2), 16);
				if (high >= 0 && low >= 0) {
					b = (byte) (high << 4 | low);
					i += 2;
				}
			}
			decoded[length++] = b;
		}
		return new String(decoded, 0, length, StandardCharsets.UTF_8);
	}

}
