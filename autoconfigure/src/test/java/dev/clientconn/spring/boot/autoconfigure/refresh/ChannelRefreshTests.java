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

package dev.clientconn.spring.boot.autoconfigure.refresh;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.Event;
import dev.clientconn.spring.boot.autoconfigure.ChannelRefresh;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a change of properties does to channels that are in use.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChannelRefreshTests extends RefreshScenario {

	@Test
	void aChangedTargetMovesTheCallsOfItsChannelOnly(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");
			int lines = output.toString().lines().toList().size();

			this.properties.put(GREETER + "target", target(this.two));
			change(context);

			await().until(() -> greeter.target().equals(target(this.two)));
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(call(other)).isEqualTo(Status.Code.UNIMPLEMENTED);
			await().until(() -> this.one.openConnections() == 1);
			assertThat(this.one.connections()).isEqualTo(2);
			assertThat(this.two.connections()).isEqualTo(1);
			assertThat(other.target()).isEqualTo(target(this.one));
			assertThat(output.toString().lines().skip(lines)).noneMatch((line) -> line.contains("other"));
		});
	}

	@Test
	void nothingHappensWhereNothingChanged(CapturedOutput output) {
		this.properties.put(GREETER + "credentials.bearer.token", "secret");
		this.properties.put(GREETER + "credentials.require-tls", "false");
		this.properties.put(OTHER + "target", target(this.two));
		this.properties.put(OTHER + "insecure", "false");
		this.properties.put(OTHER + "ssl.enabled", "true");
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = context.getBean("otherClientConn", ClientConn.class);
			other.getState(true);
			await().until(() -> other.getState(false) == ConnectivityState.TRANSIENT_FAILURE);
			List<Event> events = greeter.snapshot().addresses().get(0).events();
			List<Event> otherEvents = other.snapshot().addresses().get(0).events();
			LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.clientconn", LogLevel.INFO);
			int length = output.toString().length();
			try {
				change(context);
				change(context);
				assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
				fence(context, greeter);
			}
			finally {
				LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.clientconn", null);
			}

			String log = output.toString().substring(length);
			assertThat(log.lines().filter((line) -> line.contains("changed in place"))).as("only the fence")
				.singleElement(InstanceOfAssertFactories.STRING)
				.contains("[defaultDeadline]");
			assertThat(log).doesNotContain("anew", "last good", "removed", "added");
			assertThat(greeter.snapshot().addresses().get(0).events()).isEqualTo(events);
			assertThat(other.snapshot().addresses().get(0).events()).startsWith(otherEvents.toArray(Event[]::new));
			assertThat(other.snapshot().pendingUpdate()).isNull();
			assertThat(this.one.connections()).isEqualTo(1);
		});
	}

	@Test
	void aCallSettingIsChangedInPlaceAndRemovedAgain() {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put("clientconn.defaults.call.deadline", "1ns");
			change(context);
			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);

			this.properties.remove("clientconn.defaults.call.deadline");
			change(context);
			await().until(() -> call(greeter) == Status.Code.UNIMPLEMENTED);

			this.properties.put(GREETER + "call.deadline", "1ns");
			change(context);
			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);

			this.properties.remove(GREETER + "call.deadline");
			change(context);
			await().until(() -> call(greeter) == Status.Code.UNIMPLEMENTED);
			assertThat(this.one.connections()).isEqualTo(1);
		});
	}

	@Test
	void aChangedPolicyKeepsTheConnection() {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put(GREETER + "balancer.policy", "pick-first");
			change(context);

			await().until(() -> greeter.snapshot().balancer().equals("pick_first"));
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(this.one.connections()).isEqualTo(1);
		});
	}

	@Test
	void aChangedServiceConfigIsInForceWithItsBalancerOverTheSameConnection() {
		this.properties.put(GREETER + "service-config.method-config[0].name[0].service", "");
		this.properties.put(GREETER + "service-config.method-config[0].timeout", "7s");
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			assertThat(greeter.methodConfig("s/m").timeout()).hasSeconds(7);

			this.properties.put(GREETER + "service-config.method-config[0].timeout", "9s");
			this.properties.put(GREETER + "service-config.load-balancing-config", "pick-first");
			change(context);

			await().until(() -> "pick_first".equals(greeter.snapshot().balancer()));
			await().until(() -> greeter.snapshot().serviceConfig().version() == 2);
			assertThat(greeter.methodConfig("s/m").timeout()).hasSeconds(9);
			assertThat(this.one.openConnections()).isEqualTo(1);
		});
	}

	@Test
	void aWrongServiceConfigKeepsTheOneBefore(CapturedOutput output) {
		this.properties.put(GREETER + "service-config.method-config[0].name[0].service", "");
		this.properties.put(GREETER + "service-config.method-config[0].timeout", "7s");
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			this.properties.put(GREETER + "service-config.method-config[0].timeout", "soon");
			change(context);
			change(context);

			assertThat(greeter.methodConfig("s/m").timeout()).hasSeconds(7);
			assertThat(output).containsOnlyOnce("Channel 'greeter' keeps its last good settings.")
				.contains("Property: " + GREETER + "service-config.method-config[0].timeout", "Value: \"soon\"");
		});
	}

	@Test
	void aWrongValueIsReportedAndTheOthersAreApplied(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");

			this.properties.put(GREETER + "call.deadline", "-3s");
			this.properties.put(GREETER + "target", target(this.two));
			this.properties.put(OTHER + "target", target(this.two));
			change(context);
			change(context);

			await().until(() -> other.target().equals(target(this.two)));
			assertThat(output).contains("Channel 'greeter' keeps its last good settings.")
				.contains("Property: clientconn.channels.greeter.call.deadline")
				.contains("Value: \"-3s\"")
				.contains("expected: not negative");
			assertThat(output.toString().split("keeps its last good settings")).as("said once").hasSize(2);
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(greeter.target()).isEqualTo(target(this.one));

			this.properties.put(GREETER + "call.deadline", "3s");
			change(context);
			await().until(() -> greeter.target().equals(target(this.two)));
		});
	}

	@Test
	void aValueThatCannotBeBoundKeepsNoOtherChannelBack(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			ClientConn other = connected(context, "otherClientConn");

			this.properties.put(GREETER + "call.deadline", "soon");
			this.properties.put(OTHER + "target", target(this.two));
			// Spring Cloud fails, and tells whoever changed the environment.
			assertThat(catchThrowable(() -> change(context))).hasMessageContaining("clientconn");

			await().until(() -> other.target().equals(target(this.two)));
			assertThat(output).contains("Channel 'greeter' keeps its last good settings.")
				.contains("Property: clientconn.channels.greeter.call.deadline")
				.contains("Value: \"soon\"");
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);

			this.properties.put(GREETER + "call.deadline", "1ns");
			change(context);
			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);
		});
	}

	@Test
	void aMistypedNameIsReportedOnceAndTheOthersAreApplied(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put(GREETER + "call.deadlin", "7s");
			this.properties.put(GREETER + "call.deadline", "1ns");
			change(context);
			change(context);

			await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);
			assertThat(output).containsOnlyOnce("Property: clientconn.channels.greeter.call.deadlin\n")
				.contains("Did you mean 'clientconn.channels.greeter.call.deadline'?");
		});
	}

	@Test
	void aRefusedChangeIsRemembered() {
		this.runner.run((context) -> {
			ChannelRefresh refresh = context.getBean(ChannelRefresh.class);
			connected(context, "greeterClientConn");
			assertThat(refresh.refusal("greeter")).isNull();

			this.properties.put(GREETER + "service-config.load-balancing-policy", "unheard-of");
			change(context);
			assertThat(refresh.refusal("greeter")).isNotNull().satisfies((refusal) -> {
				assertThat(refusal.property()).isEqualTo(GREETER + "service-config.load-balancing-policy");
				assertThat(refusal.error()).contains("unheard-of (expected: one of [pick_first, round_robin]");
			});
			ChannelRefresh.Refusal first = refresh.refusal("greeter");
			change(context);
			assertThat(refresh.refusal("greeter")).isSameAs(first);
			assertThat(refresh.refusal("other")).isNull();

			this.properties.remove(GREETER + "service-config.load-balancing-policy");
			change(context);
			assertThat(refresh.refusal("greeter")).isNull();
		});
	}

	@Test
	void wrongDefaultsKeepAllChannelsAsTheyAre(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");

			this.properties.put("clientconn.defaults.connect.mode", "sometimes");
			this.properties.put(GREETER + "target", target(this.two));
			assertThat(catchThrowable(() -> change(context))).isNotNull();

			assertThat(output).contains("All channels keep their last good settings.")
				.contains("Property: clientconn.defaults.connect.mode");
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(greeter.target()).isEqualTo(target(this.one));
			this.properties.put("clientconn.defaults.connect.mode", "eager");
			change(context);
			await().until(() -> greeter.target().equals(target(this.two)));
		});
	}

	@Test
	void channelsThatComeAndGoNeedARestart(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn other = connected(context, "otherClientConn");

			this.properties.remove(OTHER + "target");
			this.properties.remove(OTHER + "insecure");
			this.properties.put("clientconn.channels.third.target", target(this.two));
			change(context);
			change(context);

			assertThat(output.toString().split("Channel 'other' was removed")).as("said once").hasSize(2);
			assertThat(output.toString().split("Channel 'third' was added")).as("said once").hasSize(2);
			assertThat(call(other)).isEqualTo(Status.Code.UNIMPLEMENTED);
			assertThat(context.getBean(ClientConns.class).names()).containsExactlyInAnyOrder("greeter", "other");
		});
	}

	@Test
	void plaintextIsNeverTheResultOfARemovedChoice(CapturedOutput output) {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			this.properties.remove(GREETER + "insecure");
			change(context);

			assertThat(output).contains("Channel 'greeter' keeps its last good settings.")
				.contains("chooses neither TLS nor plaintext");
			assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
		});
	}

	@Test
	void callsGoOnWhileTheTargetChanges() {
		this.runner.run((context) -> {
			ClientConn greeter = connected(context, "greeterClientConn");
			for (int i = 0; i < 10; i++) {
				EchoServer to = (i % 2 == 0) ? this.two : this.one;
				this.properties.put(GREETER + "target", target(to));
				change(context);
				AtomicInteger calls = new AtomicInteger();
				await().until(() -> {
					assertThat(call(greeter)).isEqualTo(Status.Code.UNIMPLEMENTED);
					return calls.incrementAndGet() > 20 && greeter.target().equals(target(to));
				});
			}
		});
	}

}
