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

import java.util.Objects;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is secured: plaintext, or TLS that verifies the authority of the
 * ClientConn, never the resolved address (seed-spec K38). Immutable.
 */
public final class TransportCredentials {

	/**
	 * How long close_notify may take; the connection is bounded by its own close timer
	 * too.
	 */
	private static final long CLOSE_NOTIFY_MILLIS = 1000;

	private static final TransportCredentials INSECURE = new TransportCredentials(null, null, null);

	private static final TransportCredentials TLS = new TransportCredentials(DefaultContext::get, null, null);

	private final @Nullable Supplier<SslContext> contexts;

	private final @Nullable String serverName;

	private final @Nullable CallCredentials callCredentials;

	private TransportCredentials(@Nullable Supplier<SslContext> contexts, @Nullable String serverName,
			@Nullable CallCredentials callCredentials) {
		this.contexts = contexts;
		this.serverName = serverName;
		this.callCredentials = callCredentials;
	}

	/**
	 * Returns plaintext.
	 * @return the credentials
	 */
	public static TransportCredentials insecure() {
		return INSECURE;
	}

	/**
	 * Returns TLS with the certificate authorities of the JVM.
	 * @return the credentials
	 */
	public static TransportCredentials tls() {
		return TLS;
	}

	/**
	 * Returns TLS with a client context.
	 * @param context a context for clients that offers HTTP/2 by ALPN
	 * @return the credentials
	 * @throws IllegalArgumentException if the context is for servers or does not offer
	 * HTTP/2
	 */
	public static TransportCredentials tls(SslContext context) {
		requireHttp2(context);
		return new TransportCredentials(new FixedContext(context), null, null);
	}

	/**
	 * Returns TLS with a context that may change, for instance when a certificate has
	 * been renewed.
	 * @param contexts asked at each handshake, on an event loop: must not block; gives
	 * contexts as {@link #tls(SslContext)} takes them
	 * @return the credentials
	 */
	public static TransportCredentials tls(Supplier<SslContext> contexts) {
		return new TransportCredentials(Objects.requireNonNull(contexts, "contexts"), null, null);
	}

	/**
	 * Returns the same as credentials of grpc-java.
	 * @param credentials insecure, TLS, composite or choice credentials
	 * @return the credentials
	 * @throws IllegalArgumentException if they ask for something that is not supported,
	 * or hold an unusable certificate or key
	 */
	public static TransportCredentials of(ChannelCredentials credentials) {
		return GrpcCredentials.convert(Objects.requireNonNull(credentials, "credentials"));
	}

	/**
	 * Returns these credentials with another name to verify and to send as SNI.
	 * @param serverName a host name or IP address
	 * @return a copy
	 */
	public TransportCredentials withServerName(String serverName) {
		Objects.requireNonNull(serverName, "serverName");
		if (serverName.isBlank()) {
			throw new IllegalArgumentException("serverName: \"" + serverName + "\" (expected: a host name)");
		}
		return new TransportCredentials(this.contexts, serverName, this.callCredentials);
	}

	/**
	 * Returns the name to verify instead of the authority's host.
	 * @return a name, {@code null} for the authority's host
	 */
	public @Nullable String serverName() {
		return this.serverName;
	}

	/**
	 * Tells whether connections are encrypted.
	 * @return {@code true} for TLS
	 */
	public boolean isSecure() {
		return this.contexts != null;
	}

	/**
	 * Returns the credentials for each call that {@link #of} has found in composite
	 * credentials.
	 * @return credentials, {@code null} for none
	 */
	public @Nullable CallCredentials callCredentials() {
		return this.callCredentials;
	}

	/**
	 * Tells whether connections are secured the same way: by the same context or the same
	 * supplier of contexts, under the same server name, with the same call credentials.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof TransportCredentials that
				&& Objects.equals(this.contexts, that.contexts) && Objects.equals(this.serverName, that.serverName)
				&& Objects.equals(this.callCredentials, that.callCredentials));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.contexts, this.serverName, this.callCredentials);
	}

	@Override
	public String toString() {
		return isSecure() ? "tls" : "insecure";
	}

	TransportCredentials withCallCredentials(CallCredentials credentials) {
		return new TransportCredentials(this.contexts, this.serverName, credentials);
	}

	/** Makes the handler of one handshake. */
	SslHandler newHandler(ByteBufAllocator allocator, String authority) {
		Supplier<SslContext> supplier = this.contexts;
		if (supplier == null) {
			throw new IllegalStateException("plaintext");
		}
		SslContext context = Objects.requireNonNull(supplier.get(), "the supplier of TLS contexts returned null");
		requireHttp2(context);
		String host = (this.serverName != null) ? this.serverName : host(authority);
		SslHandler handler = context.newHandler(allocator, host, port(authority));
		SSLEngine engine = handler.engine();
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		engine.setSSLParameters(parameters);
		// The connect timeout covers the handshake.
		handler.setHandshakeTimeoutMillis(0);
		handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
		return handler;
	}

	static String host(String authority) {
		String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
		int colon = portColon(hostAndPort);
		String host = (colon < 0) ? hostAndPort : hostAndPort.substring(0, colon);
		return (host.startsWith("[") && host.endsWith("]")) ? host.substring(1, host.length() - 1) : host;
	}

	private static int port(String authority) {
		int colon = portColon(authority);
		try {
			return (colon < 0) ? -1 : Integer.parseInt(authority.substring(colon + 1));
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	private static int portColon(String authority) {
		int colon = authority.lastIndexOf(':');
		boolean bareIpv6 = colon != authority.indexOf(':') && authority.indexOf(']') < 0;
		return (bareIpv6 || colon < authority.lastIndexOf(']')) ? -1 : colon;
	}

	private static void requireHttp2(SslContext context) {
		if (!context.isClient()) {
			throw new IllegalArgumentException("SslContext: for servers (expected: SslContextBuilder.forClient())");
		}
		if (!context.applicationProtocolNegotiator().protocols().contains(ApplicationProtocolNames.HTTP_2)) {
			throw new IllegalArgumentException(
					"SslContext: offers " + context.applicationProtocolNegotiator().protocols()
							+ " by ALPN (expected: applicationProtocolConfig with \"h2\")");
		}
	}

	private record FixedContext(SslContext get) implements Supplier<SslContext> {

	}

	/**
	 * Made once, when first needed: reading the certificate authorities takes a while.
	 */
	private static final class DefaultContext {

		@GuardedBy("DefaultContext.class")
		private static @Nullable SslContext context;

		/** Returns the context; tries again, and says why, if it could not be made. */
		static synchronized SslContext get() {
			SslContext made = context;
			if (made == null) {
				made = GrpcCredentials
					.build(GrpcCredentials.newContextBuilder().trustManager(GrpcCredentials.jvmAuthorities()));
				context = made;
			}
			return made;
		}

	}

}
