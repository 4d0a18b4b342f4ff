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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * Resolves {@code dns:///host:port} to all IPv4 and IPv6 addresses of the host, and looks
 * again every 30 seconds, when a connection is lost, and with backoff after an error. An
 * IP address stands for itself and is never looked up; {@code :port} means
 * {@code localhost:port}.
 * <p>
 * Look-ups are the JDK's, and so are their caches: with the JDK's defaults an answer is
 * reused for 30 seconds and a failure for 10 (security properties
 * {@code networkaddress.cache.ttl} and {@code networkaddress.cache.negative.ttl}). Lower
 * them where a moved service must be found sooner.
 */
public final class DnsResolver implements Resolver {

	private final Lookup lookup;

	private final LookupTimes times;

	/**
	 * Creates a resolver that asks the JDK.
	 */
	public DnsResolver() {
		this(InetAddress::getAllByName, () -> ThreadLocalRandom.current().nextDouble());
	}

	/**
	 * Creates a resolver for tests.
	 * @param lookup answers instead of the JDK
	 * @param random from 0 to 1, for jitter
	 */
	DnsResolver(Lookup lookup, DoubleSupplier random) {
		this.lookup = lookup;
		this.times = new LookupTimes(random);
	}

	@Override
	public String scheme() {
		return "dns";
	}

	/**
	 * Returns host and port as dialled.
	 */
	@Override
	public String authority(Target target) {
		return Authorities.authority(dialled(target));
	}

	@Override
	public boolean isNonBlocking() {
		return true;
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		Address dialled = dialled(target);
		if (isIpAddress(dialled.host())) {
			listener.onAddresses(List.of(dialled));
			return FixedResolution.INSTANCE;
		}
		DnsResolution resolution = new DnsResolution(dialled, () -> addresses(dialled), this.times, context, listener);
		resolution.refresh();
		return resolution;
	}

	private Set<Address> addresses(Address dialled) throws UnknownHostException {
		Set<Address> addresses = new LinkedHashSet<>();
		for (InetAddress found : this.lookup.all(dialled.host())) {
			addresses.add(Address.of(found.getHostAddress(), dialled.port()));
		}
		if (addresses.isEmpty()) {
			throw new UnknownHostException(dialled.host() + ": no addresses");
		}
		return addresses;
	}

	private static Address dialled(Target target) {
		if (target.endpoint().isBlank()) {
			String endpoint = target.authority().isEmpty() ? "host:port" : target.authority();
			throw Authorities.malformed(target, "the endpoint is missing; expected: dns:///" + endpoint);
		}
		if (!target.authority().isEmpty()) {
			throw Authorities.malformed(target, "look-ups go to the system's DNS servers; expected: dns:///"
					+ target.endpoint() + " without \"" + target.authority() + "\"");
		}
		Address address = Authorities.address(target, target.endpoint());
		if (address.isUnix()) {
			throw Authorities.malformed(target, "expected: " + address.addr() + " without dns:///");
		}
		return address;
	}

	private static boolean isIpAddress(String host) {
		return host.indexOf(':') >= 0 || isIpv4Address(host);
	}

	/** Four numbers up to 255, none with three digits of which the first is 0. */
	private static boolean isIpv4Address(String host) {
		int numbers = 1;
		int digits = 0;
		int value = 0;
		for (int i = 0; i < host.length(); i++) {
			char character = host.charAt(i);
			if (character >= '0' && character <= '9') {
				digits++;
				value = 10 * value + character - '0';
			}
			else if (character == '.' && digits > 0) {
				numbers++;
				digits = 0;
				value = 0;
			}
			else {
				return false;
			}
			if (digits > 3 || value > 255 || (digits == 3 && value < 100)) {
				return false;
			}
		}
		return numbers == 4 && digits > 0;
	}

	/**
	 * Looks up all addresses of a host, blocking.
	 */
	@FunctionalInterface
	interface Lookup {

		/**
		 * Looks a host up.
		 * @param host the name
		 * @return all its addresses
		 * @throws UnknownHostException if there are none, or no server answers
		 */
		InetAddress[] all(String host) throws UnknownHostException;

	}

}
