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

package dev.clientconn;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.clientconn.transport.Dialer;
import dev.clientconn.transport.KeepaliveParams;
import dev.clientconn.transport.TransportCredentials;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DialChangesTests {

	private static final String TARGET = "dns:///orders:9090";

	/** Only a dial looks at these. */
	private static final Set<String> OF_THE_DIAL = Set.of("block", "lazy", "timeout", "failOnNonTemporaryDialError",
			"random");

	/** Compared by what comes of them. */
	private static final Map<String, String> COMPARED_AS = Map.of("insecure", "transportCredentials", "resolvers",
			"resolver");

	@Test
	void everyOptionIsComparedOrBelongsToTheDial() {
		Set<String> fields = new HashSet<>();
		for (Field field : DialOptions.class.getDeclaredFields()) {
			if (!Modifier.isStatic(field.getModifiers())) {
				fields.add(field.getName());
			}
		}
		Set<String> expected = new HashSet<>(DialChanges.compared());
		expected.remove("target");

		Set<String> found = new HashSet<>();
		fields.stream()
			.filter((field) -> !OF_THE_DIAL.contains(field))
			.forEach((field) -> found.add(COMPARED_AS.getOrDefault(field, field)));

		assertThat(found).isEqualTo(expected);
		assertThat(fields).containsAll(OF_THE_DIAL);
	}

	@Test
	void optionsMadeAlikeAreEqual() {
		assertThat(changes(options(), options()).isNone()).isTrue();
		assertThat(changes(DialOptions.builder().transportCredentials(TransportCredentials.tls()),
				DialOptions.builder().transportCredentials(TransportCredentials.tls()))
			.isNone()).isTrue();
		assertThat(changes(proxy("secret"), proxy("secret")).isNone()).isTrue();
	}

	@Test
	void theSameSslContextIsTheSameSecurity() throws Exception {
		SslContext context = context();
		assertThat(changes(DialOptions.builder().transportCredentials(TransportCredentials.tls(context)),
				DialOptions.builder().transportCredentials(TransportCredentials.tls(context)))
			.isNone()).isTrue();
		assertThat(changes(DialOptions.builder().transportCredentials(TransportCredentials.tls(context)),
				DialOptions.builder().transportCredentials(TransportCredentials.tls(context())))
			.redialled()).containsExactly("transportCredentials");
	}

	@Test
	void plaintextByEitherWayIsNoChange() {
		assertThat(changes(DialOptions.builder().insecure(),
				DialOptions.builder().transportCredentials(TransportCredentials.insecure()))
			.isNone()).isTrue();
	}

	@Test
	void whatConnectionsAreMadeOfIsRedialled() {
		assertThat(changes(options(), options().userAgent("shop/2")).redialled()).containsExactly("userAgent");
		assertThat(changes(options(), options().authority("orders.example")).redialled()).containsExactly("authority");
		assertThat(changes(options(), options().flowControlWindow(100_000)).redialled()).containsExactly("limits");
		assertThat(changes(options(), options().maxInboundMetadataSize(1)).redialled()).containsExactly("limits");
		assertThat(changes(options(), options().keepalive(KeepaliveParams.ofTime(Duration.ofMinutes(5)))).redialled())
			.containsExactly("keepalive");
		assertThat(changes(proxy("secret"), proxy("other")).redialled()).containsExactly("dialer");
	}

	@Test
	void whatEachCallReadsIsNot() {
		DialChanges changes = changes(options(),
				options().waitForReady(true).maxInboundMessageSize(1).balancer("pick_first"));
		assertThat(changes.isRedial()).isFalse();
		assertThat(changes.inPlace()).containsExactlyInAnyOrder("waitForReady", "maxInboundMessageSize", "balancer");
	}

	@Test
	void aServiceConfigThatNamesThePolicyInUseChangesNoBalancer() {
		assertThat(changes(options().balancer("pick_first"),
				options().serviceConfig(Map.of("loadBalancingPolicy", "pick_first")))
			.inPlace()).containsExactly("serviceConfig");
	}

	@Test
	void aPasswordIsNotShown() {
		assertThat(Dialer.socks5(new InetSocketAddress("127.0.0.1", 1), "me", "secret").toString())
			.doesNotContain("secret");
	}

	private static DialChanges changes(DialOptions.Builder before, DialOptions.Builder after) {
		return DialChanges.between(Dial.prepare(TARGET, before.build()), Dial.prepare(TARGET, after.build()));
	}

	private static DialOptions.Builder options() {
		return DialOptions.builder().insecure();
	}

	private static DialOptions.Builder proxy(String password) {
		return options().dialer(Dialer.socks5(new InetSocketAddress("127.0.0.1", 1), "me", password));
	}

	private static SslContext context() throws Exception {
		return SslContextBuilder.forClient()
			.applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
					ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
					ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, List.of("h2")))
			.build();
	}

}
