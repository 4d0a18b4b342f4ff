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

import java.net.InetSocketAddress;

import dev.clientconn.DialOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.census.InternalCensusTracingAccessor;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.NettyServerBuilder;

/**
 * grpc-java's own interop suite over a plaintext ClientConn, against grpc-java's server.
 */
public class PlaintextInteropTests extends AbstractInteropTest {

	@Override
	protected ServerBuilder<?> getServerBuilder() {
		NettyServerBuilder builder = NettyServerBuilder.forPort(0, InsecureServerCredentials.create())
			.flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
			.maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
		InternalNettyServerBuilder.setStatsEnabled(builder, false);
		return builder.addStreamTracerFactory(createCustomCensusTracerFactory());
	}

	@Override
	protected ManagedChannelBuilder<?> createChannelBuilder() {
		DialOptions.Builder options = DialOptions.builder()
			.insecure()
			.flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
			.maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
		String target = "localhost:" + ((InetSocketAddress) getListenAddress()).getPort();
		return new DialingChannelBuilder(target, options).intercept(createCensusStatsClientInterceptor(),
				InternalCensusTracingAccessor.getClientInterceptor());
	}

}
