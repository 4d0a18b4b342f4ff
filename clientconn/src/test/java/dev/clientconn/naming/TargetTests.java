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

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Target}.
 */
class TargetTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', emptyValue = "", textBlock = """
			h:80                   | dns       | ''     | h:80
			h                      | dns       | ''     | h
			:50051                 | dns       | ''     | :50051
			[::1]:50051            | dns       | ''     | [::1]:50051
			::1                    | dns       | ''     | ::1
			10.0.0.1:80            | dns       | ''     | 10.0.0.1:80
			/tmp/x                 | dns       | ''     | /tmp/x
			a_b.c-d:80             | dns       | ''     | a_b.c-d:80
			passthrough:80         | dns       | ''     | passthrough:80
			dns:h:80               | dns       | ''     | h:80
			dns:/h:80              | dns       | ''     | h:80
			dns:///h:80            | dns       | ''     | h:80
			DNS:///h:80            | dns       | ''     | h:80
			dns://8.8.8.8/h:80     | dns       | 8.8.8.8 | h:80
			dns://8.8.8.8:53/h:80  | dns       | 8.8.8.8:53 | h:80
			dns://h:80             | dns       | h:80   | ''
			dns:///                | dns       | ''     | ''
			dns:///a/b:80          | dns       | ''     | a/b:80
			discovery:///orders    | discovery | ''     | orders
			discovery:orders       | discovery | ''     | orders
			discovery://eu/orders  | discovery | eu     | orders
			static:a:1,b:2         | static    | ''     | a:1,b:2
			static:///a:1,b:2      | static    | ''     | a:1,b:2
			static://a:1,b:2       | static    | ''     | a:1,b:2
			static://a:1,b:2/      | static    | ''     | a:1,b:2
			static://a:1/b:2       | static    | a:1    | b:2
			unix:/s.sock           | unix      | ''     | /s.sock
			unix:///run/s.sock     | unix      | ''     | /run/s.sock
			unix:s.sock            | unix      | ''     | s.sock
			unix:./s.sock          | unix      | ''     | ./s.sock
			unix://s.sock          | unix      | s.sock | ''
			""")
	void isParsedByTheNamingRules(String text, String scheme, String authority, String endpoint) {
		assertThat(Target.parse(text)).isEqualTo(new Target(text, scheme, authority, endpoint)).hasToString(text);
	}

	@Test
	void furtherSchemesAreKnownWhenGiven() {
		Set<String> schemes = Set.of("consul");

		assertThat(Target.parse("consul:orders", schemes).endpoint()).isEqualTo("orders");
		assertThat(Target.parse("consul://dc1/orders", schemes).authority()).isEqualTo("dc1");
		assertThat(Target.parse("dns:///h:80", schemes).scheme()).isEqualTo("dns");
		assertThat(Target.parse("consul:80").scheme()).isEqualTo("dns");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t" })
	void blankTextFailsWithAnExample(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> Target.parse(text))
			.withMessage("target: \"" + text
					+ "\" (expected: host:port or scheme:///endpoint with a scheme of: discovery, dns, static, unix)");
	}

	@Test
	void unknownSchemeFailsAndNamesTheKnownOnes() {
		assertThatIllegalArgumentException().isThrownBy(() -> Target.parse("foo:///x", Set.of("consul")))
			.withMessage("target: \"foo:///x\" (unknown scheme \"foo\"; "
					+ "expected one of: consul, discovery, dns, static, unix)");
		assertThatIllegalArgumentException().isThrownBy(() -> Target.parse("http://h:80"))
			.withMessageContaining("unknown scheme \"http\"");
		assertThatIllegalArgumentException().isThrownBy(() -> Target.parse("://h:80"))
			.withMessageContaining("unknown scheme \"\"");
	}

}
