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

package dev.clientconn.spring.boot.autoconfigure.observation;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.grpc.Metadata;
import io.grpc.Status;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an observed attempt of a call. Its carrier are the request headers, to
 * which tracing adds its context.
 *
 * @since 0.1.0
 */
public final class ClientConnAttemptContext extends SenderContext<Metadata> {

	private final ClientConnCallContext call;

	private final int previousAttempts;

	private final boolean transparentRetry;

	private volatile @Nullable SocketAddress peer;

	private volatile @Nullable Status status;

	ClientConnAttemptContext(ClientConnCallContext call, Metadata headers, int previousAttempts,
			boolean transparentRetry) {
		super(ClientConnAttemptContext::set, Kind.CLIENT);
		setCarrier(headers);
		this.call = call;
		this.previousAttempts = previousAttempts;
		this.transparentRetry = transparentRetry;
	}

	/**
	 * Returns the call.
	 * @return its context
	 */
	public ClientConnCallContext getCall() {
		return this.call;
	}

	/**
	 * Returns how many attempts the call had before, without transparent retries.
	 * @return 0 for the first
	 */
	public int getPreviousAttempts() {
		return this.previousAttempts;
	}

	/**
	 * Returns whether the attempt repeats one that the server has not processed.
	 * @return whether it does
	 */
	public boolean isTransparentRetry() {
		return this.transparentRetry;
	}

	/**
	 * Returns where the attempt went.
	 * @return address and port, {@code null} if it got no connection
	 */
	public @Nullable String getPeerAddress() {
		SocketAddress known = this.peer;
		if (known instanceof InetSocketAddress inet && inet.getAddress() != null) {
			String host = inet.getAddress().getHostAddress();
			return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
		}
		return (known != null) ? known.toString() : null;
	}

	/**
	 * Returns how the attempt has ended.
	 * @return the status, {@code null} before the end
	 */
	public @Nullable Status getStatus() {
		return this.status;
	}

	void setPeer(@Nullable SocketAddress peer) {
		this.peer = peer;
	}

	void setStatus(Status status) {
		this.status = status;
	}

	/** A repeated attempt has the headers of the one before: there must not be two. */
	private static void set(@Nullable Metadata headers, String name, String value) {
		if (headers != null) {
			Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
			headers.discardAll(key);
			headers.put(key, value);
		}
	}

}
