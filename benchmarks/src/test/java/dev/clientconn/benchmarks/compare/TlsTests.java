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

package dev.clientconn.benchmarks.compare;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.channels.Channels;
import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * All arms that are compared over TLS do the same checks: or what one of them leaves out
 * would count for it.
 */
@Timeout(60)
class TlsTests {

	private static ChildProcess process;

	private static ServerAddress server;

	@BeforeAll
	static void start() throws Exception {
		process = ChildProcess.start(ServerMain.class, List.of("-Xmx128m"));
		server = ServerAddress.decode(process.await(30_000));
	}

	@AfterAll
	static void stop() throws Exception {
		process.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "FRAMES" }, mode = EnumSource.Mode.EXCLUDE)
	void trustedServerOfTheNameIsCalled(Arm arm) throws Exception {
		assertThat(call(arm.channels().trusting(server.authority()), "127.0.0.1")).isEqualTo(Payload.of(100));
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "FRAMES" }, mode = EnumSource.Mode.EXCLUDE)
	void otherNameIsRefused(Arm arm) {
		Channels channels = arm.channels().trusting(server.authority());

		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(channels, "127.0.0.2"))
			.havingRootCause()
			.withMessageContaining("127.0.0.2");
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "FRAMES" }, mode = EnumSource.Mode.EXCLUDE)
	void otherAuthorityIsRefused(Arm arm) throws Exception {
		Channels channels = arm.channels().trusting(ServerCertificate.issue().authority());

		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> call(channels, "127.0.0.1"))
			.havingRootCause()
			.isInstanceOf(GeneralSecurityException.class);
	}

	private static Message call(Channels channels, String host) throws Exception {
		ManagedChannel channel = channels.dial(host + ":" + server.tlsPort());
		try {
			return BenchGrpc.newBlockingStub(channel).unary(Payload.of(100));
		}
		finally {
			channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		}
	}

}
