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

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ResponseHeaders} and {@link GrpcStatus}.
 */
class ResponseHeadersTests {

	private final ResponseHeaders headers = new ResponseHeaders();

	@Test
	void becomesMetadataWithoutWhatIsOurs() {
		add(":status", "200", "content-type", "application/grpc", "grpc-status", "0", "grpc-message", "x", "a", "1",
				"a", "2");

		Metadata metadata = this.headers.toMetadata();

		assertThat(metadata.keys()).containsExactlyInAnyOrder("content-type", "a");
		assertThat(metadata.getAll(Metadata.Key.of("a", Metadata.ASCII_STRING_MARSHALLER))).containsExactly("1", "2");
	}

	@Test
	void binaryValuesAreDecodedPaddedOrNotAndSplitAtCommas() {
		add("a-bin", "AQI=,AQ", "a-bin", "", "b", "1,2");

		Metadata metadata = this.headers.toMetadata();

		assertThat(metadata.getAll(Metadata.Key.of("a-bin", Metadata.BINARY_BYTE_MARSHALLER)))
			.containsExactly(new byte[] { 1, 2 }, new byte[] { 1 }, new byte[0]);
		assertThat(metadata.get(Metadata.Key.of("b", Metadata.ASCII_STRING_MARSHALLER))).isEqualTo("1,2");
	}

	@Test
	void malformedNamesAndValuesAreRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> add("Upper", "1"));
		assertThatIllegalArgumentException().isThrownBy(() -> add(":path", "/"));
		assertThatIllegalArgumentException().isThrownBy(() -> add("", "1"));
		add("a-bin", "***");
		assertThatIllegalArgumentException().isThrownBy(this.headers::toMetadata);
	}

	@ParameterizedTest
	@CsvSource({ "400, INTERNAL", "431, INTERNAL", "401, UNAUTHENTICATED", "403, PERMISSION_DENIED",
			"404, UNIMPLEMENTED", "429, UNAVAILABLE", "502, UNAVAILABLE", "503, UNAVAILABLE", "504, UNAVAILABLE",
			"200, UNKNOWN", "500, UNKNOWN", "abc, UNKNOWN" })
	void httpStatusIsMapped(String http, Status.Code expected) {
		add(":status", http, "content-type", "text/plain");

		assertThat(GrpcStatus.ofTrailers(this.headers, true).getCode()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "application/grpc, true", "application/grpc+proto, true", "application/grpc;v=1, true",
			"application/grpc-web, false", "text/html, false" })
	void contentTypeIsChecked(String type, boolean expected) {
		add(":status", "200", "content-type", type);

		assertThat(GrpcStatus.isGrpc(this.headers)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0, OK", "5, NOT_FOUND", "16, UNAUTHENTICATED", "17, UNKNOWN", "x, UNKNOWN", "-1, UNKNOWN",
			"99999999999, UNKNOWN" })
	void statusIsParsed(String code, Status.Code expected) {
		add("grpc-status", code);

		assertThat(GrpcStatus.ofTrailers(this.headers, false).getCode()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "plain, plain", "a%20b%C3%BC, a bü", "100%, 100%", "%zz%4, %zz%4", "%41%, A%" })
	void messageIsPercentDecodedTolerantly(String encoded, String expected) {
		add("grpc-status", "5", "grpc-message", encoded);

		assertThat(GrpcStatus.ofTrailers(this.headers, false).getDescription()).isEqualTo(expected);
	}

	private void add(String... namesAndValues) {
		for (int i = 0; i < namesAndValues.length; i += 2) {
			this.headers.add(new AsciiString(namesAndValues[i]),
					new AsciiString(namesAndValues[i + 1].getBytes(StandardCharsets.UTF_8)));
		}
	}

}
