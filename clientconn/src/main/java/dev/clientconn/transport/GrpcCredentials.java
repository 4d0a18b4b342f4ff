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

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.EnumSet;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import io.grpc.ChannelCredentials;
import io.grpc.ChoiceChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;

/**
 * Understands the credentials of grpc-java.
 */
final class GrpcCredentials {

	private static final Set<TlsChannelCredentials.Feature> UNDERSTOOD = EnumSet.of(TlsChannelCredentials.Feature.MTLS,
			TlsChannelCredentials.Feature.CUSTOM_MANAGERS);

	private GrpcCredentials() {
	}

	static TransportCredentials convert(ChannelCredentials credentials) {
		if (credentials instanceof InsecureChannelCredentials) {
			return TransportCredentials.insecure();
		}
		if (credentials instanceof TlsChannelCredentials tls) {
			return TransportCredentials.tls(context(tls));
		}
		if (credentials instanceof CompositeChannelCredentials composite) {
			TransportCredentials channel = convert(composite.getChannelCredentials());
			var call = composite.getCallCredentials();
			var inner = channel.callCredentials();
			return channel
				.withCallCredentials((inner != null) ? new io.grpc.CompositeCallCredentials(inner, call) : call);
		}
		if (credentials instanceof ChoiceChannelCredentials choice) {
			return first(choice);
		}
		throw new IllegalArgumentException("credentials: " + credentials.getClass().getName()
				+ " (expected: InsecureChannelCredentials, TlsChannelCredentials, CompositeChannelCredentials or"
				+ " ChoiceChannelCredentials)");
	}

	static SslContextBuilder newContextBuilder() {
		boolean openSsl = OpenSsl.isAvailable() && SslProvider.isAlpnSupported(SslProvider.OPENSSL);
		return SslContextBuilder.forClient()
			.sslProvider(openSsl ? SslProvider.OPENSSL : SslProvider.JDK)
			.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
			.protocols("TLSv1.3", "TLSv1.2")
			.applicationProtocolConfig(
					new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
							SelectedListenerFailureBehavior.ACCEPT, ApplicationProtocolNames.HTTP_2));
	}

	/**
	 * Returns what a context uses by default, but says so if it cannot be read: an
	 * {@code SSLContext} goes on with nothing to trust.
	 */
	static TrustManagerFactory jvmAuthorities() {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init((KeyStore) null);
			return factory;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("TLS credentials: the certificate authorities of the JVM"
					+ " (javax.net.ssl.trustStore) cannot be read: " + ex.getMessage(), ex);
		}
	}

	static SslContext build(SslContextBuilder builder) {
		try {
			return builder.build();
		}
		catch (SSLException ex) {
			throw new IllegalArgumentException("TLS credentials: " + ex.getMessage(), ex);
		}
	}

	private static SslContext context(TlsChannelCredentials tls) {
		Set<TlsChannelCredentials.Feature> unknown = tls.incomprehensible(UNDERSTOOD);
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("TlsChannelCredentials: unsupported features " + unknown);
		}
		SslContextBuilder builder = newContextBuilder();
		if (tls.getKeyManagers() != null) {
			builder.keyManager(one("keyManager", tls.getKeyManagers().toArray(new KeyManager[0])));
		}
		else if (tls.getPrivateKey() != null) {
			builder.keyManager(new ByteArrayInputStream(tls.getCertificateChain()),
					new ByteArrayInputStream(tls.getPrivateKey()), tls.getPrivateKeyPassword());
		}
		if (tls.getTrustManagers() != null) {
			builder.trustManager(one("trustManager", tls.getTrustManagers().toArray(new TrustManager[0])));
		}
		else if (tls.getRootCertificates() != null) {
			builder.trustManager(new ByteArrayInputStream(tls.getRootCertificates()));
		}
		else {
			builder.trustManager(jvmAuthorities());
		}
		return build(builder);
	}

	private static <T> T one(String what, T[] managers) {
		if (managers.length != 1) {
			throw new IllegalArgumentException(
					"TlsChannelCredentials: " + managers.length + " of " + what + " (expected: one)");
		}
		return managers[0];
	}

	/** The first that is understood wins, as ChoiceChannelCredentials demands. */
	private static TransportCredentials first(ChoiceChannelCredentials choice) {
		StringBuilder reasons = new StringBuilder();
		for (ChannelCredentials candidate : choice.getCredentialsList()) {
			try {
				return convert(candidate);
			}
			catch (IllegalArgumentException ex) {
				reasons.append((reasons.length() > 0) ? "; " : "").append(ex.getMessage());
			}
		}
		throw new IllegalArgumentException("ChoiceChannelCredentials: none is supported (" + reasons + ")");
	}

}
