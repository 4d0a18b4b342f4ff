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

package dev.clientconn.benchmarks.channels;

import java.security.cert.X509Certificate;

import javax.net.ssl.SSLException;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

/**
 * The TLS of clients that take a context of Netty's.
 */
final class ClientTls {

	private ClientTls() {
	}

	/** By the JDK's provider, with HTTP/2 by ALPN. */
	static SslContext trusting(X509Certificate authority) {
		try {
			return GrpcSslContexts.configure(SslContextBuilder.forClient().trustManager(authority), SslProvider.JDK)
				.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
