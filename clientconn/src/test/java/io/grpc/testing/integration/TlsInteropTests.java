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

import java.io.IOException;
import java.net.InetSocketAddress;

import dev.clientconn.DialOptions;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.census.InternalCensusTracingAccessor;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.testing.TlsTesting;
import org.junit.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * grpc-java's own interop suite over a ClientConn with mutual TLS, against grpc-java's
 * server and with grpc-java's test certificates.
 */
public class TlsInteropTests extends AbstractInteropTest {

	@Override
	protected ServerBuilder<?> getServerBuilder() {
		try {
			ServerCredentials credentials = TlsServerCredentials.newBuilder()
				.keyManager(TlsTesting.loadCert("server1.pem"), TlsTesting.loadCert("server1.key"))
				.trustManager(TlsTesting.loadCert("ca.pem"))
				.clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
				.build();
			NettyServerBuilder builder = NettyServerBuilder.forPort(0, credentials)
				.flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
				.maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
			InternalNettyServerBuilder.setStatsEnabled(builder, false);
			return builder.addStreamTracerFactory(createCustomCensusTracerFactory());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	protected ManagedChannelBuilder<?> createChannelBuilder() {
		try {
			TransportCredentials credentials = TransportCredentials.of(TlsChannelCredentials.newBuilder()
				.keyManager(TlsTesting.loadCert("client.pem"), TlsTesting.loadCert("client.key"))
				.trustManager(TlsTesting.loadCert("ca.pem"))
				.build());
			DialOptions.Builder options = DialOptions.builder()
				.transportCredentials(credentials)
				.authority("foo.test.google.fr")
				.flowControlWindow(AbstractInteropTest.TEST_FLOW_CONTROL_WINDOW)
				.maxInboundMessageSize(AbstractInteropTest.MAX_MESSAGE_SIZE);
			String target = "localhost:" + ((InetSocketAddress) getListenAddress()).getPort();
			return new DialingChannelBuilder(target, options).intercept(createCensusStatsClientInterceptor(),
					InternalCensusTracingAccessor.getClientInterceptor());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	public void remoteAddressAndCertificateAreTold() {
		assertThat(obtainRemoteClientAddr()).isNotNull();
		assertThat(((InetSocketAddress) obtainRemoteServerAddr()).getAddress().isLoopbackAddress()).isTrue();
		assertX500SubjectDn("CN=testclient, O=Internet Widgits Pty Ltd, ST=Some-State, C=AU");
	}

}
