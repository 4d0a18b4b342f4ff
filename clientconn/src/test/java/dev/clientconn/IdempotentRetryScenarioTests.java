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

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.clientconn.balancer.Pick;
import dev.clientconn.naming.Address;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Retries without a policy in the service config: of methods that may be done twice.
 */
class IdempotentRetryScenarioTests {

	private static final MethodDescriptor<String, String> IDEMPOTENT = CallRecorder.UNARY.toBuilder()
		.setIdempotent(true)
		.build();

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void idempotentMethodIsSentAgainToAnotherAddress() {
		Backends backends = new Backends(this.scenario, 3, Backends::unavailable);
		ClientConn conn = backends.dial(this.scenario, Scenario.options());

		assertThat(call(conn, IDEMPOTENT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);

		assertThat(backends.requests()).hasSize(3);
		assertThat(backends.eachAskedOnce()).isTrue();
	}

	@Test
	void lostConnectionCostsNoIdempotentCall() {
		Backends backends = new Backends(this.scenario, 2, Backends::echo);
		ClientConn conn = backends.dial(this.scenario, Scenario.options());
		backends.answer((request) -> (backends.requests().size() == 1) ? Reply.with((peer, stream) -> peer.drop())
				: Backends.echo(request));

		assertThat(call(conn, IDEMPOTENT).isOk()).isTrue();
		assertThat(backends.requests()).hasSize(2);
	}

	@Test
	void otherMethodIsSentOnce() {
		Backends backends = new Backends(this.scenario, 3, Backends::unavailable);
		ClientConn conn = backends.dial(this.scenario, Scenario.options());

		assertThat(call(conn, CallRecorder.UNARY).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(backends.requests()).hasSize(1);
	}

	@Test
	void methodIsIdempotentIfAnOptionSaysSo() {
		Backends backends = new Backends(this.scenario, 3, Backends::unavailable);
		ClientConn conn = backends.dial(this.scenario, Scenario.options()
			.retry(RetryOptions.DEFAULT.withIdempotentMethods(List.of("dev.clientconn.test.Script/Unary"))));

		assertThat(call(conn, CallRecorder.UNARY).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(backends.requests()).hasSize(3);
	}

	/** What protoc makes of {@code idempotency_level}. */
	@Test
	void generatedDescriptorsTellTheirIdempotencyLevel() {
		assertThat(EchoGrpc.getLookMethod().isIdempotent()).isTrue();
		assertThat(EchoGrpc.getPutMethod().isIdempotent()).isTrue();
		assertThat(EchoGrpc.getUnaryMethod().isIdempotent()).isFalse();
	}

	@Test
	void otherStatusIsFinal() {
		Backends backends = new Backends(this.scenario, 3, (request) -> Reply.status(8, "too much"));
		ClientConn conn = backends.dial(this.scenario, Scenario.options());

		assertThat(call(conn, IDEMPOTENT).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(backends.requests()).hasSize(1);
	}

	@Test
	void responseThatHasBegunIsFinal() {
		Backends backends = new Backends(this.scenario, 3, (request) -> Reply.with((peer, stream) -> {
			peer.sendResponseHeaders(stream);
			peer.sendTrailers(stream, 14, "broke down");
		}));
		ClientConn conn = backends.dial(this.scenario, Scenario.options());

		assertThat(call(conn, IDEMPOTENT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(backends.requests()).hasSize(1);
	}

	@Test
	void withoutBudgetThereIsNoRetry() {
		Backends backends = new Backends(this.scenario, 3, Backends::unavailable);
		ClientConn conn = backends.dial(this.scenario,
				Scenario.options().retry(RetryOptions.DEFAULT.withBudget(new RetryOptions.Budget(0, 0))));

		assertThat(call(conn, IDEMPOTENT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(backends.requests()).hasSize(1);
	}

	@Test
	void retriesCanBeSwitchedOff() {
		Backends backends = new Backends(this.scenario, 3, Backends::unavailable);
		ClientConn conn = backends.dial(this.scenario, Scenario.options().retryEnabled(false));

		assertThat(call(conn, IDEMPOTENT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(backends.requests()).hasSize(1);
	}

	@Test
	void balancerHearsOfUsedAddressesUnlessTheyNeedNotBeAvoided() {
		assertThat(avoided(RetryOptions.DEFAULT)).containsExactly(0, 1, 1);
		assertThat(avoided(RetryOptions.DEFAULT.withAvoidUsedAddresses(false))).containsExactly(0, 0, 0);
	}

	/** How many addresses each attempt of a call was to avoid. */
	private List<Integer> avoided(RetryOptions options) {
		Backends backends = new Backends(this.scenario, 1, Backends::unavailable);
		ManualBalancer balancer = new ManualBalancer();
		Address only = backends.addresses().get(0);
		balancer.push(only);
		List<Integer> avoided = new CopyOnWriteArrayList<>();
		balancer.picking((pick) -> {
			Set<Address> used = pick.avoid();
			avoided.add(used.size());
			return Pick.of(only);
		});
		ClientConn conn = backends.dial(this.scenario, Scenario.options().balancer(balancer.provider()).retry(options));
		avoided.clear();
		call(conn, IDEMPOTENT);
		return avoided;
	}

	private static Status call(ClientConn conn, MethodDescriptor<String, String> method) {
		CallRecorder call = new CallRecorder(conn, method, CallOptions.DEFAULT).start(new Metadata());
		call.call().request(2);
		return call.send("call").halfClose().awaitStatus();
	}

}
