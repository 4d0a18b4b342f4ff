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

package dev.clientconn.naming;

import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One backend address. Identity is {@link #addr()} alone: a list that changes only
 * metadata or headers of an address keeps its connection (seed-spec K32).
 *
 * @param addr {@code host:port}, {@code [ipv6]:port} or {@code unix:/path}; the host may
 * be a name, which is then resolved at each connection attempt
 * @param metadata facts for balancers and operators, such as weight or zone; never sent
 * @param headers ASCII headers added to every call that goes to this address
 */
public record Address(String addr, Map<String, String> metadata, Map<String, String> headers) {

	/** Scheme prefix of a Unix domain socket address. */
	public static final String UNIX_PREFIX = "unix:";

	/** Metadata key of the {@linkplain #weight() weight}. */
	public static final String WEIGHT = "weight";

	/**
	 * Metadata key that names the process behind the address. Another value for the same
	 * address means that a new process has taken it over: a failing address forgets its
	 * backoff and connects at once. Without the key nothing of that kind happens.
	 */
	public static final String INSTANCE_ID = "instance-id";

	public Address {
		Objects.requireNonNull(addr, "addr");
		requireWellFormed(addr);
		metadata = Map.copyOf(metadata);
		headers = Map.copyOf(headers);
	}

	/**
	 * Returns an address without metadata and headers.
	 * @param addr {@code host:port}, {@code [ipv6]:port} or {@code unix:/path}
	 * @return the address
	 * @throws IllegalArgumentException if {@code addr} has none of these forms
	 */
	public static Address of(String addr) {
		return new Address(addr, Map.of(), Map.of());
	}

	/**
	 * Returns an address without metadata and headers.
	 * @param host a name, an IPv4 address or an IPv6 address with or without brackets
	 * @param port 1 to 65535
	 * @return the address
	 * @throws IllegalArgumentException if the host is blank or the port out of range
	 */
	public static Address of(String host, int port) {
		boolean bareIpv6 = host.indexOf(':') >= 0 && !host.startsWith("[");
		return of((bareIpv6 ? "[" + host + "]" : host) + ":" + port);
	}

	/**
	 * Returns this address with other metadata.
	 * @param metadata the facts to carry
	 * @return a copy
	 */
	public Address withMetadata(Map<String, String> metadata) {
		return new Address(this.addr, metadata, this.headers);
	}

	/**
	 * Returns this address with other headers.
	 * @param headers the ASCII headers to add to each call
	 * @return a copy
	 */
	public Address withHeaders(Map<String, String> headers) {
		return new Address(this.addr, this.metadata, headers);
	}

	/**
	 * Tells whether this is the path of a Unix domain socket.
	 * @return {@code true} for {@code unix:} addresses
	 */
	public boolean isUnix() {
		return this.addr.startsWith(UNIX_PREFIX);
	}

	/**
	 * Returns the host without brackets, or the path of a Unix domain socket.
	 * @return a host name, an IP address or a path
	 */
	public String host() {
		if (isUnix()) {
			return this.addr.substring(UNIX_PREFIX.length());
		}
		String host = this.addr.substring(0, this.addr.lastIndexOf(':'));
		return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
	}

	/**
	 * Returns the TCP port.
	 * @return 1 to 65535, or -1 for a Unix domain socket
	 */
	public int port() {
		return isUnix() ? -1 : Integer.parseInt(this.addr, this.addr.lastIndexOf(':') + 1, this.addr.length(), 10);
	}

	/**
	 * Returns the share of calls that this address should get, relative to the others.
	 * @return the number in the metadata under {@link #WEIGHT}; 1 where there is none, or
	 * none that is positive and finite
	 */
	public double weight() {
		String text = this.metadata.get(WEIGHT);
		if (text == null) {
			return 1;
		}
		try {
			double weight = Double.parseDouble(text.strip());
			return (weight > 0 && weight < Double.POSITIVE_INFINITY) ? weight : 1;
		}
		catch (NumberFormatException ex) {
			return 1;
		}
	}

	/**
	 * Compares all fields, as a record does. By hand, because what the JVM makes for a
	 * record at its first use costs a new process some ten milliseconds.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof Address that && this.addr.equals(that.addr)
				&& this.metadata.equals(that.metadata) && this.headers.equals(that.headers));
	}

	@Override
	public int hashCode() {
		return 31 * (31 * this.addr.hashCode() + this.metadata.hashCode()) + this.headers.hashCode();
	}

	@Override
	public String toString() {
		return this.addr;
	}

	private static void requireWellFormed(String addr) {
		if (addr.startsWith(UNIX_PREFIX)) {
			if (addr.length() == UNIX_PREFIX.length()) {
				throw malformed(addr, "the socket path is missing");
			}
			return;
		}
		int colon = addr.lastIndexOf(':');
		if (colon <= 0) {
			throw malformed(addr, (colon < 0) ? "the port is missing" : "the host is missing");
		}
		boolean bracketed = addr.startsWith("[") && addr.charAt(colon - 1) == ']' && colon > 2;
		boolean bare = addr.indexOf(':') < colon || addr.lastIndexOf('[', colon) >= 0;
		if ((bare && !bracketed) || (Character.isWhitespace(addr.charAt(0)) && addr.substring(0, colon).isBlank())) {
			throw malformed(addr, "an IPv6 host needs brackets");
		}
		int port;
		try {
			port = Integer.parseInt(addr, colon + 1, addr.length(), 10);
		}
		catch (NumberFormatException ex) {
			throw malformed(addr, "the port is not a number");
		}
		if (port < 1 || port > 65535) {
			throw malformed(addr, "the port is out of range");
		}
	}

	private static IllegalArgumentException malformed(String addr, String why) {
		return new IllegalArgumentException("address: \"" + addr + "\" (" + why
				+ "; expected: host:port with port 1 to 65535, [ipv6]:port or unix:/path)");
	}

}
