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

import dev.clientconn.testing.FakeScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for what the built-in resolvers make of a target (scenario 14).
 */
class ResolverTests {

	private final RecordingListener listener = new RecordingListener();

	private final Resolver.Context context = new Resolver.Context((task) -> {
		throw new AssertionError("nothing is to be looked up");
	}, new FakeScheduler());

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Non-Existent.Server:8080         | Non-Existent.Server:8080
			localhost:50051                  | localhost:50051
			:50051                           | localhost:50051
			dns:///:50051                    | localhost:50051
			[::1]:50051                      | [::1]:50051
			dns:///[fe80::1%eth0]:80         | [fe80::1%25eth0]:80
			dns:///a/b:80                    | a%2Fb:80
			dns:///a b?c#d:80                | a%20b%3Fc%23d:80
			dns:///münchen:80                | m%C3%BCnchen:80
			dns:///a_b.c~d-e!$&'()*+;=:80    | a_b.c~d-e!$&'()*+;=:80
			static:a:1,b:2                   | a:1
			static:///:1,b:2                 | localhost:1
			static:unix:/s,b:2               | localhost
			unix:/s.sock                     | localhost
			unix:///run/s.sock               | localhost
			unix:s.sock                      | localhost
			""", quoteCharacter = '"')
	void authority(String text, String authority) {
		Target target = Target.parse(text);

		assertThat(resolver(target).authority(target)).isEqualTo(authority);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			static:a:1,b:2        | a:1 b:2
			static://a:1, b:2     | a:1 b:2
			static:///a:1,b:2,a:1 | a:1 b:2
			static::1             | localhost:1
			static:unix:/s,[::1]:2 | unix:/s [::1]:2
			unix:/s.sock          | unix:/s.sock
			unix:///run/s.sock    | unix:/run/s.sock
			unix:s.sock           | unix:s.sock
			10.0.0.1:80           | 10.0.0.1:80
			[::1]:80              | [::1]:80
			[fe80::1%eth0]:80     | [fe80::1%eth0]:80
			""")
	void fixedAddressesAreDeliveredAtOnce(String text, String addresses) {
		Target target = Target.parse(text);

		Resolution resolution = resolver(target).resolve(target, this.context, this.listener);
		resolution.refresh();
		resolution.close();

		assertThat(this.listener.lists).singleElement().asList().containsExactly((Object[]) addresses.split(" "));
		assertThat(this.listener.errors).isEmpty();
		assertThat(((FakeScheduler) this.context.scheduler()).pending()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			h                 | the port is missing
			h:                | the port is not a number
			h:0               | the port is out of range
			h:65536           | the port is out of range
			h:http            | the port is not a number
			::1               | an IPv6 host needs brackets
			:                 | the port is not a number
			/tmp/x            | the port is missing
			dns:///           | the endpoint is missing; expected: dns:///host:port
			dns://h:80        | the endpoint is missing; expected: dns:///h:80
			dns://8.8.8.8/h:1 | expected: dns:///h:1 without "8.8.8.8"
			dns:///unix:/s    | expected: unix:/s without dns:///
			static:           | an address is empty
			static:a:1,       | an address is empty
			static:a:1,,b:2   | an address is empty
			static:a          | the port is missing
			static://a:1/b:2  | unexpected "/" in the list
			unix:             | expected: unix:///absolute/path
			unix:///          | expected: unix:///absolute/path
			unix://s.sock     | expected: unix:///absolute/path
			""", quoteCharacter = '\'')
	void wrongTargetFailsWithTheReason(String text, String reason) {
		Target target = Target.parse(text);
		Resolver resolver = resolver(target);

		assertThatIllegalArgumentException().isThrownBy(() -> resolver.authority(target))
			.withMessageStartingWith("target: \"" + text + "\" (")
			.withMessageContaining(reason);
		assertThatIllegalArgumentException().isThrownBy(() -> resolver.resolve(target, this.context, this.listener))
			.withMessageContaining(reason);
	}

	@Test
	void defaultsAreKeptByScheme() {
		assertThat(Resolver.defaults()).containsOnlyKeys("dns", "static", "unix")
			.allSatisfy((scheme, resolver) -> assertThat(resolver.scheme()).isEqualTo(scheme));
	}

	private static Resolver resolver(Target target) {
		Resolver resolver = Resolver.defaults().get(target.scheme());
		assertThat(resolver).isNotNull();
		return resolver;
	}

}
