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

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for attempts that know where others of their call went.
 */
class UsedAddressesTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final UsedAddresses used = new UsedAddresses();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void addressIsAddedOnce() {
		assertThat(this.used.add(Address.of("a:1"), "first")).isTrue();
		assertThat(this.used.add(Address.of("b:1"), "second")).isTrue();
		assertThat(this.used.add(Address.of("a:1").withMetadata(Map.of("zone", "1")), "second")).isFalse();

		assertThat(this.used.all()).containsExactly(Address.of("a:1"), Address.of("b:1"));
	}

	/** It was not sent there, or refused, and may be sent again. */
	@Test
	void attemptMayGoBackToItsOwnAddress() {
		this.used.add(Address.of("a:1"), "first");

		assertThat(this.used.add(Address.of("a:1"), "first")).isTrue();
		assertThat(this.used.all()).containsExactly(Address.of("a:1"));
	}

	@Test
	void attemptsOfOneCallGoToDifferentAddresses() {
		ClientConn conn = dial(server(), server(), server());

		for (int i = 0; i < 3; i++) {
			assertThat(attempt(conn, false).isOk()).isTrue();
		}

		assertThat(this.used.all()).hasSize(3);
	}

	@Test
	void attemptGoesToAUsedAddressRatherThanNowhere() {
		ClientConn conn = dial(server());

		assertThat(attempt(conn, false).isOk()).isTrue();
		assertThat(attempt(conn, false).isOk()).isTrue();

		assertThat(this.used.all()).hasSize(1);
	}

	@Test
	void attemptThatMustGoElsewhereEndsWhereItCannot() {
		ClientConn conn = dial(server());
		long before = conn.snapshot().addresses().get(0).callsSucceeded();

		assertThat(attempt(conn, true).isOk()).isTrue();
		assertThat(attempt(conn, true)).isSameAs(Reasons.NO_OTHER_ADDRESS);

		assertThat(conn.snapshot().addresses().get(0).callsSucceeded()).isEqualTo(before + 1);
	}

	@Test
	void attemptThatMustGoElsewhereDoesNotWait() {
		ClientConn conn = this.scenario.dial("static:127.0.0.1:1", Scenario.options());

		assertThat(attempt(conn, true)).isSameAs(Reasons.NO_OTHER_ADDRESS);
		assertThat(conn.snapshot().pendingCalls()).isZero();
	}

	private Status attempt(ClientConn conn, boolean onlyElsewhere) {
		CallRecorder call = new CallRecorder(conn, CallRecorder.UNARY, CallOptions.DEFAULT.withWaitForReady());
		((ClientConnCall<String, String>) call.call()).goElsewhere(this.used, onlyElsewhere);
		call.start(new Metadata()).call().request(2);
		return call.send("").halfClose().awaitStatus();
	}

	private ScriptedHttp2Server server() {
		return this.scenario.scripted(Scenario.answering());
	}

	/** Returns once the balancer, which hears of a connection last, picks each server. */
	private ClientConn dial(ScriptedHttp2Server... servers) {
		ClientConn conn = this.scenario.dial(Arrays.stream(servers)
			.map((each) -> each.address().addr())
			.collect(Collectors.joining(",", "static:", "")), Scenario.options().balancer("round_robin"));
		Scenario.soon().until(() -> {
			CallRecorder.unary(conn, "", CallOptions.DEFAULT.withWaitForReady()).awaitStatus();
			return conn.snapshot().addresses().stream().allMatch((each) -> each.callsSucceeded() > 0);
		});
		return conn;
	}

}
