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
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.clientconn.HealthProtocol.Serving;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Compares {@link HealthProtocol} with what protoc generates.
 */
class HealthProtocolTests {

	@Test
	void theMethodIsTheOneOfTheProtocol() {
		assertThat(HealthProtocol.WATCH.getFullMethodName()).isEqualTo(HealthGrpc.getWatchMethod().getFullMethodName());
		assertThat(HealthProtocol.WATCH.getType()).isEqualTo(HealthGrpc.getWatchMethod().getType());
	}

	static String[] names() {
		return new String[] { "", "a", "shop.Orders", "\u00fc\u4e16\ud83d\ude00", "x".repeat(127), "x".repeat(128),
				"x".repeat(20_000) };
	}

	@ParameterizedTest
	@MethodSource("names")
	void requestsAreTheSameByteForByte(String service) throws IOException {
		try (InputStream request = HealthProtocol.WATCH.streamRequest(service)) {
			assertThat(request.readAllBytes())
				.isEqualTo(HealthCheckRequest.newBuilder().setService(service).build().toByteArray());
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
	void answersAreUnderstood(ServingStatus status) {
		assertThat(parse(HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray()))
			.isEqualTo(Serving.valueOf(status.name()));
	}

	@Test
	void numbersOfTheFutureAreUnknown() {
		for (int number : new int[] { 4, 99, -1, Integer.MAX_VALUE, Integer.MIN_VALUE }) {
			assertThat(parse(HealthCheckResponse.newBuilder().setStatusValue(number).build().toByteArray()))
				.isEqualTo(Serving.UNKNOWN);
		}
	}

	@Test
	void unknownFieldsAreSkipped() {
		UnknownFieldSet nested = UnknownFieldSet.newBuilder()
			.addField(1, UnknownFieldSet.Field.newBuilder().addVarint(2).build())
			.addField(2, UnknownFieldSet.Field.newBuilder().addGroup(UnknownFieldSet.getDefaultInstance()).build())
			.build();
		UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
			.addField(2,
					UnknownFieldSet.Field.newBuilder()
						.addVarint(-1)
						.addFixed32(1)
						.addFixed64(1)
						.addLengthDelimited(ByteString.copyFrom(new byte[300]))
						.addGroup(nested)
						.build())
			.addField(536_870_911, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
			.build();
		byte[] answer = HealthCheckResponse.newBuilder()
			.setStatus(ServingStatus.SERVING)
			.setUnknownFields(unknown)
			.build()
			.toByteArray();
		byte[] other = HealthCheckResponse.newBuilder().setUnknownFields(unknown).build().toByteArray();

		assertThat(parse(answer)).isEqualTo(Serving.SERVING);
		assertThat(parse(other)).isEqualTo(Serving.UNKNOWN);
	}

	@Test
	void theLastStatusCounts() {
		assertThat(parse(8, 2, 8, 1)).isEqualTo(Serving.SERVING);
	}

	@Test
	void whatIsCutOffOrNoProtobufIsAnError() {
		for (int[] bytes : new int[][] { { 8 }, { 8, 0x80 }, { 18, 5, 1 }, { 17, 1 }, { 21 }, { 19, 8, 1 }, { 14, 1 },
				{ 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 },
				{ 18, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 } }) {
			assertThatExceptionOfType(StatusRuntimeException.class).as(Arrays.toString(bytes))
				.isThrownBy(() -> parse(bytes))
				.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL))
				.withMessageContaining("malformed HealthCheckResponse");
		}
	}

	private static Serving parse(int... bytes) {
		byte[] all = new byte[bytes.length];
		for (int i = 0; i < bytes.length; i++) {
			all[i] = (byte) bytes[i];
		}
		return parse(all);
	}

	private static Serving parse(byte[] bytes) {
		return HealthProtocol.WATCH.parseResponse(new ByteArrayInputStream(bytes));
	}

}
