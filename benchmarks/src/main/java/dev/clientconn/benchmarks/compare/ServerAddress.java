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

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * Where the server is, and whom to trust, as it tells when it is up.
 *
 * @param port in plaintext, at every address of this machine
 * @param tlsPort over TLS; the certificate is for 127.0.0.1 alone
 * @param probePort of {@link ServerProbe}
 * @param authority who has issued the server's certificate
 */
record ServerAddress(int port, int tlsPort, int probePort, X509Certificate authority) {

	String encode() throws CertificateException {
		return this.port + " " + this.tlsPort + " " + this.probePort + " "
				+ Base64.getEncoder().encodeToString(this.authority.getEncoded());
	}

	static ServerAddress decode(String line) throws CertificateException {
		String[] parts = line.split(" ");
		byte[] authority = Base64.getDecoder().decode(parts[3]);
		return new ServerAddress(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
				(X509Certificate) CertificateFactory.getInstance("X.509")
					.generateCertificate(new ByteArrayInputStream(authority)));
	}

}
