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

import java.nio.charset.StandardCharsets;

/**
 * What the built-in resolvers share in reading addresses out of a target.
 */
final class Authorities {

	/**
	 * What an authority holds unescaped besides letters and digits (RFC 3986 section
	 * 3.2).
	 */
	private static final String LEGAL_MARKS = "-._~!$&'()*+,;=:[]@";

	private Authorities() {
	}

	/**
	 * Reads one address of a target.
	 * @param target for the message
	 * @param text {@code host:port}, {@code [ipv6]:port}, {@code unix:/path}, or
	 * {@code :port} for {@code localhost} (seed-spec K39)
	 * @return the address
	 * @throws IllegalArgumentException if the text has none of these forms
	 */
	static Address address(Target target, String text) {
		boolean portOnly = text.startsWith(":") && text.lastIndexOf(':') == 0;
		try {
			return Address.of(portOnly ? "localhost" + text : text);
		}
		catch (IllegalArgumentException ex) {
			throw malformed(target, String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Returns the authority of calls to an address that was dialled.
	 * @param address the address
	 * @return {@code localhost} for a Unix domain socket, otherwise host and port with
	 * illegal characters percent-encoded
	 */
	static String authority(Address address) {
		return address.isUnix() ? "localhost" : encode(address.addr());
	}

	static IllegalArgumentException malformed(Target target, String why) {
		return new IllegalArgumentException("target: \"" + target.text() + "\" (" + why + ")");
	}

	private static String encode(String authority) {
		int legal = 0;
		while (legal < authority.length() && isLegal(authority.charAt(legal))) {
			legal++;
		}
		if (legal == authority.length()) {
			return authority;
		}
		StringBuilder encoded = new StringBuilder(authority.length());
		for (byte octet : authority.getBytes(StandardCharsets.UTF_8)) {
			if (isLegal((char) (octet & 0xff))) {
				encoded.append((char) octet);
			}
			else {
				encoded.append('%').append(String.format("%02X", octet));
			}
		}
		return encoded.toString();
	}

	private static boolean isLegal(char character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || LEGAL_MARKS.indexOf(character) >= 0;
	}

}
