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

package dev.clientconn.testing;

import java.time.Duration;
import java.time.Instant;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/**
 * A certificate authority of its own for one test class, and the certificates it issues.
 */
public final class Certificates {

	private final X509Bundle authority;

	/**
	 * Makes an authority that nothing else trusts.
	 */
	public Certificates() {
		this.authority = build(() -> valid().subject("CN=ClientConn test CA")
			.setIsCertificateAuthority(true)
			.setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature, CertificateBuilder.KeyUsage.keyCertSign)
			.buildSelfSigned());
	}

	/**
	 * Returns the authority's own certificate, to trust.
	 */
	public X509Bundle authority() {
		return this.authority;
	}

	/**
	 * Issues a server certificate for {@code localhost}, {@code 127.0.0.1} and
	 * {@code ::1}.
	 */
	public X509Bundle localhost() {
		return issue(valid().subject("CN=localhost")
			.addSanDnsName("localhost")
			.addSanIpAddress("127.0.0.1")
			.addSanIpAddress("::1")
			.addExtendedKeyUsageServerAuth());
	}

	/**
	 * Issues a server certificate for names, and for no IP address.
	 * @param names DNS names, which may start with {@code *.}
	 */
	public X509Bundle server(String... names) {
		return issue(withNames(valid(), names));
	}

	/**
	 * Issues a server certificate for names that expired yesterday.
	 */
	public X509Bundle expired(String... names) {
		Instant now = Instant.now();
		CertificateBuilder template = new CertificateBuilder().ecp256()
			.notBefore(now.minus(Duration.ofDays(3)))
			.notAfter(now.minus(Duration.ofDays(1)));
		return issue(withNames(template, names));
	}

	/**
	 * Issues a client certificate.
	 * @param commonName its subject, without {@code CN=}
	 */
	public X509Bundle client(String commonName) {
		return issue(valid().subject("CN=" + commonName).addExtendedKeyUsageClientAuth());
	}

	private X509Bundle issue(CertificateBuilder template) {
		return build(() -> template.setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
			.buildIssuedBy(this.authority));
	}

	private static CertificateBuilder withNames(CertificateBuilder template, String... names) {
		template.subject("CN=" + names[0]).addExtendedKeyUsageServerAuth();
		for (String name : names) {
			template.addSanDnsName(name);
		}
		return template;
	}

	private static CertificateBuilder valid() {
		Instant now = Instant.now();
		return new CertificateBuilder().ecp256()
			.notBefore(now.minus(Duration.ofDays(1)))
			.notAfter(now.plus(Duration.ofDays(1)));
	}

	private static X509Bundle build(Recipe recipe) {
		try {
			return recipe.build();
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot make a test certificate", ex);
		}
	}

	/** Makes a certificate. */
	private interface Recipe {

		X509Bundle build() throws Exception;

	}

}
