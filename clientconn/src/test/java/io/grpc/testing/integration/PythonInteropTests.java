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

package io.grpc.testing.integration;

import java.nio.file.Path;
import java.util.stream.Stream;

import dev.clientconn.DialOptions;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * grpc-java's interop cases over a ClientConn, against gRPC's C core in a Python process.
 * Where CI runs, Python and its gRPC must be there; elsewhere the class is skipped
 * without them.
 */
class PythonInteropTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@TempDir
	static Path directory;

	private static PythonTestServer server;

	@BeforeAll
	static void start() throws Exception {
		String python = PythonTestServer.interpreter();
		assumeTrue(python != null || System.getenv("CI") != null, "needs python3-grpcio and python3-protobuf");
		assertThat(python).as("a python3 with grpcio and protobuf: .ci/run installs it").isNotNull();
		server = PythonTestServer.start(python, directory);
	}

	@AfterAll
	static void stop() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	/**
	 * The cases that need nothing of the server but the service. Left out are those that
	 * look into a server of the same process, and the probe whether the server notices
	 * that a message is not compressed: Python's API does not tell. deadline_exceeded
	 * wants our own words, but a server's timer may be the faster one.
	 */
	static Stream<Arguments> cases() {
		return Stream.of(arguments("empty_unary", (Case) AbstractInteropTest::emptyUnary),
				arguments("large_unary", (Case) AbstractInteropTest::largeUnary),
				arguments("client_compressed_unary", (Case) (suite) -> suite.clientCompressedUnary(false)),
				arguments("server_compressed_unary", (Case) AbstractInteropTest::serverCompressedUnary),
				arguments("client_streaming", (Case) AbstractInteropTest::clientStreaming),
				arguments("client_compressed_streaming", (Case) (suite) -> suite.clientCompressedStreaming(false)),
				arguments("server_streaming", (Case) AbstractInteropTest::serverStreaming),
				arguments("server_compressed_streaming", (Case) AbstractInteropTest::serverCompressedStreaming),
				arguments("ping_pong", (Case) AbstractInteropTest::pingPong),
				arguments("empty_stream", (Case) AbstractInteropTest::emptyStream),
				arguments("half_duplex", (Case) AbstractInteropTest::halfDuplexCallShouldSucceed),
				arguments("full_duplex", (Case) AbstractInteropTest::fullDuplexCallShouldSucceed),
				arguments("flow_control", (Case) AbstractInteropTest::serverStreamingShouldBeFlowControlled),
				arguments("very_large_request", (Case) AbstractInteropTest::veryLargeRequest),
				arguments("very_large_response", (Case) AbstractInteropTest::veryLargeResponse),
				arguments("cancel_after_begin", (Case) AbstractInteropTest::cancelAfterBegin),
				arguments("cancel_after_first_response", (Case) AbstractInteropTest::cancelAfterFirstResponse),
				arguments("timeout_on_sleeping_server", (Case) AbstractInteropTest::timeoutOnSleepingServer),
				arguments("deadline_exceeded_streaming", (Case) AbstractInteropTest::deadlineExceededServerStreaming),
				arguments("graceful_shutdown", (Case) AbstractInteropTest::gracefulShutdown),
				arguments("custom_metadata", (Case) AbstractInteropTest::customMetadata),
				arguments("status_code_and_message", (Case) AbstractInteropTest::statusCodeAndMessage),
				arguments("special_status_message", (Case) AbstractInteropTest::specialStatusMessage),
				arguments("unimplemented_method", (Case) AbstractInteropTest::unimplementedMethod),
				arguments("unimplemented_service", (Case) AbstractInteropTest::unimplementedService));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("cases")
	void suite(String name, Case test) throws Exception {
		Suite suite = new Suite();
		suite.setUp();
		try {
			test.run(suite);
		}
		finally {
			suite.tearDown();
		}
	}

	@Test
	void rpcSoak() throws Exception {
		Soak soak = new Soak(server.target());
		soak.rpcSoak(200, 4);
		assertThat(soak.channels()).singleElement().matches(ManagedChannel::isTerminated);
	}

	@Test
	void channelSoak() throws Exception {
		Soak soak = new Soak(server.target());
		soak.channelSoak(60, 4);
		assertThat(soak.channels()).hasSize(61);
	}

	@FunctionalInterface
	interface Case {

		void run(Suite suite) throws Exception;

	}

	/** The suite without a server of its own. */
	static final class Suite extends AbstractInteropTest {

		@Override
		protected ServerBuilder<?> getServerBuilder() {
			return null;
		}

		@Override
		protected ManagedChannelBuilder<?> createChannelBuilder() {
			return new DialingChannelBuilder(server.target(),
					DialOptions.builder()
						.insecure()
						.flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
						.maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE));
		}

		@Override
		protected boolean metricsExpected() {
			return false;
		}

	}

}
