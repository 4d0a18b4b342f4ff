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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver.Context;
import dev.clientconn.naming.Target;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.testing.FakeScheduler;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DiscoveryResolutionTests {

	private static final Target GREETER = new Target("discovery:///greeter", "discovery", "", "greeter");

	private final FakeScheduler scheduler = new FakeScheduler();

	private final FakeRegistry registry = new FakeRegistry();

	private final RegistryEvents events = new RegistryEvents();

	private final RecordingListener listener = new RecordingListener();

	private final Queue<Runnable> blocked = new ArrayDeque<>();

	private boolean blocking;

	@Test
	void pollsTheRegistryAndDeliversWhatIsNew() {
		this.registry.instances(1, 2);
		resolve(OnEmpty.KEEP);
		assertThat(this.listener.events).containsExactly("[10.0.0.1:9090, 10.0.0.2:9090]");

		advance(10);
		assertThat(this.registry.lookups).isEqualTo(2);
		assertThat(this.listener.events).hasSize(1);

		this.registry.instances(2, 3);
		advance(10);
		assertThat(this.listener.events).containsExactly("[10.0.0.1:9090, 10.0.0.2:9090]",
				"[10.0.0.2:9090, 10.0.0.3:9090]");
	}

	@Test
	void anotherOrderIsNothingNew() {
		this.registry.instances(1, 2, 3);
		resolve(OnEmpty.KEEP);
		this.registry.instances(3, 1, 2);
		advance(10);

		assertThat(this.registry.lookups).isEqualTo(2);
		assertThat(this.listener.events).hasSize(1);
	}

	@Test
	void pollsVaryByTwentyPercent() {
		this.registry.instances(1);
		resolve(OnEmpty.KEEP, () -> 0L);
		advance(7);
		assertThat(this.registry.lookups).isEqualTo(1);
		advance(1);
		assertThat(this.registry.lookups).isEqualTo(2);
	}

	@Test
	void anErrorKeepsTheLastListAndPollsLessAndLessOften() {
		this.registry.instances(1);
		resolve(OnEmpty.KEEP);
		this.registry.failure = new IllegalStateException("registry down");

		advance(10);
		assertThat(this.listener.events.get(1)).contains("UNAVAILABLE")
			.contains("\"greeter\"")
			.contains("registry down");
		advance(19);
		assertThat(this.registry.lookups).isEqualTo(2);
		advance(1);
		assertThat(this.registry.lookups).isEqualTo(3);
		advance(40 + 60 + 60);
		assertThat(this.registry.lookups).isEqualTo(6);

		this.registry.failure = null;
		advance(60);
		assertThat(this.listener.lists).containsExactly("[10.0.0.1:9090]", "[10.0.0.1:9090]");
		advance(10);
		assertThat(this.registry.lookups).isEqualTo(8);
	}

	@Test
	void anEmptyListIsNotDelivered() {
		this.registry.instances(1, 2);
		resolve(OnEmpty.KEEP);
		this.registry.instances();
		advance(10);

		assertThat(this.listener.lists).hasSize(1);
		assertThat(this.listener.events.get(1)).contains("no usable instance").contains("\"greeter\"");
	}

	@Test
	void anEmptyListIsDeliveredIfAskedFor() {
		this.registry.instances(1, 2);
		resolve(OnEmpty.DRAIN);
		this.registry.instances();
		advance(10);

		assertThat(this.listener.lists).containsExactly("[10.0.0.1:9090, 10.0.0.2:9090]", "[]");
	}

	@Test
	void anUnknownServiceIsAnError() {
		resolve(OnEmpty.DRAIN);

		assertThat(this.listener.lists).isEmpty();
		assertThat(this.listener.events).singleElement().asString().contains("no usable instance");
	}

	@Test
	void lostConnectionsPullOncePerSecond() {
		this.registry.instances(1);
		Resolution resolution = resolve(OnEmpty.KEEP);
		for (int i = 0; i < 100; i++) {
			resolution.refresh();
		}
		this.scheduler.advance(Duration.ofMillis(999));
		assertThat(this.registry.lookups).isEqualTo(1);
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.registry.lookups).isEqualTo(2);

		advance(5);
		resolution.refresh();
		this.scheduler.advance(Duration.ZERO);
		assertThat(this.registry.lookups).isEqualTo(3);
		assertThat(this.scheduler.pending()).hasSize(1);
	}

	@Test
	void aStormOfEventsIsSpread() {
		this.registry.instances(1);
		resolve(OnEmpty.KEEP);
		for (int i = 0; i < 1000; i++) {
			this.events.registryMayHaveChanged();
			this.scheduler.advance(Duration.ofMillis(1));
		}

		assertThat(this.registry.lookups).isBetween(10, 12);
	}

	@Test
	void triggersDuringALookupCauseExactlyOneMore() {
		this.registry.instances(1);
		this.blocking = true;
		Resolution resolution = resolve(OnEmpty.KEEP);
		resolution.refresh();
		this.events.registryMayHaveChanged();
		this.events.registryMayHaveChanged();
		advance(60);
		assertThat(this.blocked).hasSize(1);

		this.blocked.remove().run();
		advance(1);
		assertThat(this.blocked).hasSize(1);
		this.blocked.remove().run();
		advance(7);
		assertThat(this.blocked).isEmpty();
	}

	@Test
	void nothingIsDeliveredAfterClose() {
		this.registry.instances(1);
		this.blocking = true;
		Resolution resolution = resolve(OnEmpty.KEEP);
		resolution.close();
		this.blocked.remove().run();
		this.events.registryMayHaveChanged();
		resolution.refresh();

		assertThat(this.listener.events).isEmpty();
		assertThat(this.scheduler.pending()).isEmpty();
	}

	@Test
	void applicationEventsTriggerALookup() {
		this.registry.instances(1);
		resolve(OnEmpty.KEEP);
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(RegistryEvents.class, () -> this.events);
			context.registerBean(RefreshEvents.class);
			context.refresh();

			advance(1);
			context.publishEvent(new HeartbeatEvent(this, 1));
			this.scheduler.advance(Duration.ZERO);
			assertThat(this.registry.lookups).isEqualTo(2);
			advance(1);
			context.publishEvent(new EnvironmentChangeEvent(Set.of()));
			this.scheduler.advance(Duration.ZERO);
			assertThat(this.registry.lookups).isEqualTo(3);
		}
	}

	@Test
	void theServiceIdIsTheAuthority() {
		DiscoveryResolver resolver = resolver(OnEmpty.KEEP, () -> 1L << 62);

		assertThat(resolver.authority(GREETER)).isEqualTo("greeter");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> resolver.authority(new Target("discovery://greeter", "discovery", "greeter", "")))
			.withMessageContaining("discovery:///service-id");
	}

	private Resolution resolve(OnEmpty onEmpty) {
		// The middle of the range: no jitter.
		return resolve(onEmpty, () -> 1L << 63);
	}

	private Resolution resolve(OnEmpty onEmpty, java.util.random.RandomGenerator random) {
		return resolver(onEmpty, random).resolve(GREETER, new Context(this::execute, this.scheduler), this.listener);
	}

	private DiscoveryResolver resolver(OnEmpty onEmpty, java.util.random.RandomGenerator random) {
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("registry", this.registry);
		DiscoverySettings defaults = DiscoverySettings.DEFAULT;
		return new DiscoveryResolver(beans.getBeanProvider(DiscoveryClient.class),
				new DiscoverySettings(defaults.pollInterval(), defaults.portMetadataKeys(), onEmpty), this.events,
				random);
	}

	private void execute(Runnable task) {
		if (this.blocking) {
			this.blocked.add(task);
		}
		else {
			task.run();
		}
	}

	private void advance(int seconds) {
		this.scheduler.advance(Duration.ofSeconds(seconds));
	}

	private static final class FakeRegistry implements DiscoveryClient {

		private final List<ServiceInstance> instances = new ArrayList<>();

		private RuntimeException failure;

		private int lookups;

		void instances(int... lastOctets) {
			this.instances.clear();
			for (int octet : lastOctets) {
				this.instances.add(new DefaultServiceInstance("i" + octet, "greeter", "10.0.0." + octet, 9090, false));
			}
		}

		@Override
		public String description() {
			return "fake";
		}

		@Override
		public List<ServiceInstance> getInstances(String serviceId) {
			this.lookups++;
			if (this.failure != null) {
				throw this.failure;
			}
			return serviceId.equals("greeter") ? List.copyOf(this.instances) : List.of();
		}

		@Override
		public List<String> getServices() {
			return List.of("greeter");
		}

	}

	private static final class RecordingListener implements AddressListener {

		private final List<String> events = new ArrayList<>();

		private final List<String> lists = new ArrayList<>();

		@Override
		public void onAddresses(List<Address> addresses) {
			this.events.add(addresses.toString());
			this.lists.add(addresses.toString());
		}

		@Override
		public void onError(Status error) {
			this.events.add(error.toString());
		}

	}

}
