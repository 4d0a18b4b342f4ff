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

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

import javax.net.ssl.SSLException;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;

/**
 * What the server shows over TLS: made when it starts, for 127.0.0.1, by an authority
 * that nothing else trusts. Elliptic keys, as most public certificates have now.
 */
final class ServerCertificate {

	private final X509Bundle authority;

	private final X509Bundle own;

	private ServerCertificate(X509Bundle authority, X509Bundle own) {
		this.authority = authority;
		this.own = own;
	}

	static ServerCertificate issue() throws Exception {
		X509Bundle authority = template("CN=ClientConn benchmarks CA").setIsCertificateAuthority(true)
			.setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyCertSign)
			.buildSelfSigned();
		X509Bundle own = template("CN=ClientConn benchmarks").setKeyUsage(true, KeyUsage.digitalSignature)
			.addExtendedKeyUsageServerAuth()
			.addSanIpAddress("127.0.0.1")
			.buildIssuedBy(authority);
		return new ServerCertificate(authority, own);
	}

	private static CertificateBuilder template(String subject) {
		Instant now = Instant.now();
		return new CertificateBuilder().ecp256()
			.subject(subject)
			.notBefore(now.minus(Duration.ofDays(1)))
			.notAfter(now.plus(Duration.ofDays(30)));
	}

	/** Whom clients are to trust. */
	X509Certificate authority() {
		return this.authority.getCertificate();
	}

	/** By the JDK's provider, with HTTP/2 by ALPN. */
	SslContext context() throws SSLException {
		SslContextBuilder builder = SslContextBuilder.forServer(this.own.getKeyPair().getPrivate(),
				this.own.getCertificate());
		return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
	}

}
