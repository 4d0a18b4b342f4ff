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

package dev.clientconn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.test.EchoGrpc;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ManualResolver} and {@link ManualBalancer}.
 */
class ManualFixturesTests {

	private static final Address A = Address.of("a:1");

	private static final Address B = Address.of("b:2");

	private final FakeScheduler scheduler = new FakeScheduler();

	private final List<String> delivered = new ArrayList<>();

	private final AddressListener listener = new AddressListener() {

		@Override
		public void onAddresses(List<Address> addresses) {
			ManualFixturesTests.this.delivered.add(addresses.toString());
		}

		@Override
		public void onError(Status error) {
			ManualFixturesTests.this.delivered.add(error.getCode().toString());
		}

	};

	@Test
	void resolverDeliversWhatWasQueuedThenWhatIsPushed() {
		ManualResolver resolver = new ManualResolver();
		resolver.push(A);
		resolver.push(B);

		Resolution resolution = resolve(resolver);
		resolver.fail(Status.UNAVAILABLE);
		resolution.refresh();
		resolution.close();
		resolver.push(A, B);

		assertThat(this.delivered).containsExactly("[a:1]", "[b:2]", "UNAVAILABLE");
		assertThat(resolver.refreshes()).isEqualTo(1);
		assertThat(resolver.closes()).isEqualTo(1);
		assertThat(resolver.resolutions()).singleElement()
			.satisfies((only) -> assertThat(only.target().endpoint()).isEqualTo("svc"));
	}

	@Test
	void resolverGivesASecondResolutionTheLastPush() {
		ManualResolver resolver = new ManualResolver();
		resolve(resolver);
		resolver.push(A);
		resolver.push(B);
		this.delivered.clear();

		resolve(resolver);

		assertThat(this.delivered).containsExactly("[b:2]");
	}

	@Test
	void balancerWritesDownWhatIsAskedOfIt() {
		ManualBalancer balancer = new ManualBalancer();
		balancer.push(A, B);

		start(balancer);
		balancer.stateChanged(A, ConnectivityState.READY, Status.OK);
		Balancer.Down down = balancer.up(A);
		Pick pick = balancer.get(options());
		pick.put().put(Status.OK);
		down.down(Status.UNAVAILABLE, true);
		Pick queued = balancer.get(options());
		balancer.close();

		assertThat(this.delivered).containsExactly("[a:1, b:2]");
		assertThat(pick.address()).isEqualTo(A);
		assertThat(queued).isSameAs(Pick.queue());
		assertThat(balancer.events()).containsExactly("start t", "stateChanged a:1 READY OK", "up a:1",
				"get dev.clientconn.test.Echo/Unary", "put a:1 OK", "down a:1 UNAVAILABLE temporary",
				"get dev.clientconn.test.Echo/Unary", "close");
		assertThat(balancer.events("up", "down")).hasSize(2);
	}

	@Test
	void balancerReportsOverlappingCalls() {
		ManualBalancer balancer = new ManualBalancer();
		balancer.hook((event) -> {
			if (event.equals("up a:1")) {
				balancer.up(B);
			}
		});

		balancer.up(A);

		assertThat(balancer.events()).containsExactly("up a:1", "CONCURRENT up b:2");
	}

	@Test
	void providerHandsOutEachBalancerOnce() {
		ManualBalancer balancer = new ManualBalancer();
		var provider = balancer.provider();

		assertThat(provider.newBalancer()).isSameAs(balancer);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(provider::newBalancer);
	}

	private Resolution resolve(ManualResolver resolver) {
		return resolver.resolve(new Target("manual:///svc", "manual", "", "svc"),
				new Resolver.Context(Runnable::run, this.scheduler), this.listener);
	}

	private void start(ManualBalancer balancer) {
		balancer.start("t", new BalancerConfig((to) -> null, Runnable::run, this.scheduler, new Random(1), null),
				this.listener);
	}

	private static PickOptions options() {
		return new PickOptions() {

			@Override
			public MethodDescriptor<?, ?> method() {
				return EchoGrpc.getUnaryMethod();
			}

			@Override
			public CallOptions callOptions() {
				return CallOptions.DEFAULT;
			}

			@Override
			public Metadata headers() {
				return new Metadata();
			}

			@Override
			public boolean waitForReady() {
				return false;
			}

		};
	}

}
