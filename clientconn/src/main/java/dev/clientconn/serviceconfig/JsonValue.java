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

package dev.clientconn.serviceconfig;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A value somewhere in a JSON document, read after the JSON mapping of Protocol Buffers:
 * {@code null} is the same as absent, and a number may be a string.
 *
 * @param path where it stands, such as {@code methodConfig[0].timeout}
 * @param value a map, list, string, number or boolean; {@code null} if absent
 */
record JsonValue(String path, @Nullable Object value) {

	private static final Pattern DURATION = Pattern.compile("(-?)(\\d{1,12})(?:\\.(\\d{1,9}))?s");

	/** The range of {@code google.protobuf.Duration}, about 10,000 years. */
	private static final long MAX_SECONDS = 315_576_000_000L;

	/** Characters of a wrong value that a message shows. */
	private static final int SHOWN_CHARACTERS = 80;

	boolean isAbsent() {
		return this.value == null;
	}

	/**
	 * Returns a field of this object.
	 */
	JsonValue field(String name) {
		return new JsonValue(this.path.isEmpty() ? name : this.path + "." + name, object().get(name));
	}

	/**
	 * Returns this object; empty if absent.
	 */
	Map<?, ?> object() {
		if (this.value == null) {
			return Map.of();
		}
		if (this.value instanceof Map<?, ?> object) {
			return object;
		}
		throw expected("an object");
	}

	/**
	 * Returns the elements of this list; none if absent.
	 */
	List<JsonValue> elements() {
		if (this.value == null) {
			return List.of();
		}
		if (!(this.value instanceof List<?> list)) {
			throw expected("a list");
		}
		List<JsonValue> elements = new ArrayList<>(list.size());
		for (Object element : list) {
			JsonValue read = new JsonValue(this.path + "[" + elements.size() + "]", element);
			if (element == null) {
				throw read.expected("a value");
			}
			elements.add(read);
		}
		return elements;
	}

	/**
	 * Returns this string; empty if absent, as Protocol Buffers do.
	 */
	String string() {
		if (this.value == null) {
			return "";
		}
		if (this.value instanceof String string) {
			return string;
		}
		throw expected("a string");
	}

	@Nullable Boolean bool() {
		if (this.value == null || this.value instanceof Boolean) {
			return (Boolean) this.value;
		}
		throw expected("true or false");
	}

	@Nullable Integer size() {
		if (this.value == null) {
			return null;
		}
		Integer size = integer();
		if (size == null || size < 0) {
			throw expected("a number of bytes from 0 to " + Integer.MAX_VALUE);
		}
		return size;
	}

	int atLeast(int least) {
		Integer number = integer();
		if (number == null || number < least) {
			throw expected("a whole number of at least " + least);
		}
		return number;
	}

	/** Returns a number of attempts, the first included (gRFC A6). */
	int attempts() {
		return atLeast(2);
	}

	double positiveNumber() {
		if (this.value instanceof Number || this.value instanceof String) {
			try {
				double number = Double.parseDouble(this.value.toString());
				if (number > 0 && number < Double.POSITIVE_INFINITY) {
					return number;
				}
			}
			catch (NumberFormatException ex) {
				// Told below.
			}
		}
		throw expected("a number above 0");
	}

	Duration positiveDuration() {
		Duration duration = duration();
		if (duration == null || duration.isZero() || duration.isNegative()) {
			throw expected("a duration above \"0s\"");
		}
		return duration;
	}

	/**
	 * Returns these codes of failures, each a number or a name in any case; none if
	 * absent.
	 */
	Set<Status.Code> failureCodes() {
		Set<Status.Code> codes = EnumSet.noneOf(Status.Code.class);
		for (JsonValue element : elements()) {
			Status.Code code = element.statusCode();
			if (code == Status.Code.OK) {
				throw element.expected("the code of a failure");
			}
			codes.add(code);
		}
		return codes;
	}

	private Status.Code statusCode() {
		Integer number = integer();
		for (Status.Code code : Status.Code.values()) {
			if ((number != null && code.value() == number)
					|| (this.value instanceof String name && code.name().equalsIgnoreCase(name))) {
				return code;
			}
		}
		throw expected("a status code such as UNAVAILABLE, or its number from 0 to 16");
	}

	/** Returns {@code null} if this is no whole number. */
	private @Nullable Integer integer() {
		if (this.value instanceof Number || this.value instanceof String) {
			try {
				return new BigDecimal(this.value.toString()).intValueExact();
			}
			catch (ArithmeticException | NumberFormatException ex) {
				return null;
			}
		}
		return null;
	}

	@Nullable Duration duration() {
		if (this.value == null) {
			return null;
		}
		Matcher matcher = DURATION.matcher((this.value instanceof String text) ? text : "");
		if (!matcher.matches()) {
			throw expected("a duration such as \"1.5s\"");
		}
		Duration duration = Duration.ofSeconds(Long.parseLong(matcher.group(2)), nanos(matcher.group(3)));
		if (duration.compareTo(Duration.ofSeconds(MAX_SECONDS)) > 0) {
			throw expected("a duration of at most \"" + MAX_SECONDS + "s\"");
		}
		return matcher.group(1).isEmpty() ? duration : duration.negated();
	}

	ServiceConfigException expected(String what) {
		return wrong("expected: " + what);
	}

	ServiceConfigException wrong(String why) {
		String shown = (this.value instanceof String) ? "\"" + this.value + "\"" : String.valueOf(this.value);
		if (isAbsent()) {
			shown = "missing";
		}
		if (shown.length() > SHOWN_CHARACTERS) {
			shown = shown.substring(0, SHOWN_CHARACTERS) + "...";
		}
		return new ServiceConfigException(this.path.isEmpty() ? "service config" : this.path, shown, why);
	}

	private static long nanos(@Nullable String decimals) {
		return (decimals != null) ? Long.parseLong((decimals + "00000000").substring(0, 9)) : 0;
	}

}
