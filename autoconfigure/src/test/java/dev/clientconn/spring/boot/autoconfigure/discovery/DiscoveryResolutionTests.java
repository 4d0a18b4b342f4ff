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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Target;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

class DiscoveryResolutionTests {

	private final Discoveries rig = new Discoveries();

	@TempDir
	private Path directory;

	@Test
	void pollsTheRegistryAndDeliversWhatIsNew() {
		this.rig.registry.octets(1, 2);
		this.rig.start();
		assertThat(this.rig.octets()).containsExactly(1, 2);

		this.rig.seconds(10);
		assertThat(this.rig.lookups()).isEqualTo(2);
		assertThat(this.rig.delivered).hasSize(1);

		this.rig.registry.octets(2, 3);
		this.rig.seconds(10);
		assertThat(this.rig.delivered).hasSize(2);
		assertThat(this.rig.octets()).containsExactly(2, 3);
	}

	@Test
	void metadataAloneIsNews() {
		this.rig.registry.instances(FakeRegistry.instance("10.0.0.1:9090", "a", Map.of("weight", "1")));
		this.rig.start();
		this.rig.registry.instances(FakeRegistry.instance("10.0.0.1:9090", "a", Map.of("weight", "2")));
		this.rig.seconds(10);
		this.rig.registry.instances(FakeRegistry.instance("10.0.0.1:9090", "a", Map.of()));
		this.rig.seconds(10);

		assertThat(this.rig.lists).hasSize(3)
			.extracting((list) -> list.get(0).metadata().get("weight"))
			.containsExactly("1", "2", null);
	}

	@Test
	void idleKeepsTheListCurrentAndTheFirstCallGetsAnAnswer() {
		this.rig.registry.octets(1);
		Resolution resolution = this.rig.start();
		resolution.idle();
		this.rig.registry.octets(2);
		this.rig.seconds(60);
		assertThat(this.rig.octets()).containsExactly(2);
		this.rig.seconds(30);
		assertThat(this.rig.lookups()).isEqualTo(2);

		assertThat(resolution.active()).isTrue();
		this.rig.seconds(0);
		assertThat(this.rig.lists).as("told again, though it is the same").hasSize(3);
		this.rig.seconds(10);
		assertThat(this.rig.lookups()).isEqualTo(4);
		assertThat(this.rig.lists).hasSize(3);
	}

	@Test
	void aCallThatComesSoonFindsAFreshList() {
		this.rig.registry.octets(1);
		Resolution resolution = this.rig.start();
		resolution.idle();
		this.rig.seconds(5);

		assertThat(resolution.active()).isFalse();
		this.rig.seconds(5);
		assertThat(this.rig.lookups()).isEqualTo(2);
		assertThat(this.rig.lists).hasSize(1);
	}

	@Test
	void aCallAfterAFailedLookUpIsOwedAnotherOne() {
		this.rig.registry.failure = new IllegalStateException("registry down");
		Resolution resolution = this.rig.start();
		resolution.idle();

		assertThat(resolution.active()).isTrue();
		this.rig.seconds(1);
		assertThat(this.rig.delivered).hasSize(2).allMatch((error) -> error.contains("registry down"));
	}

	@Test
	void anErrorKeepsTheLastListAndPollsLessAndLessOften() {
		this.rig.registry.octets(1);
		Resolution resolution = this.rig.start();
		this.rig.registry.failure = new IllegalStateException("registry down");

		this.rig.seconds(10);
		assertThat(this.rig.delivered.get(1)).contains("UNAVAILABLE").contains("\"greeter\"").contains("registry down");
		this.rig.seconds(19);
		assertThat(this.rig.lookups()).isEqualTo(2);
		this.rig.seconds(1);
		assertThat(this.rig.lookups()).isEqualTo(3);
		this.rig.seconds(40 + 60 + 60);
		assertThat(this.rig.lookups()).isEqualTo(6);
		assertThat(resolution.details()).containsEntry("failuresInRow", 5).containsKey("staleSince");

		this.rig.registry.failure = null;
		this.rig.seconds(60);
		assertThat(this.rig.lists).hasSize(2);
		assertThat(resolution.details()).containsEntry("failuresInRow", 0).doesNotContainKey("staleSince");
		this.rig.seconds(10);
		assertThat(this.rig.lookups()).isEqualTo(8);
	}

	@Test
	void anUnknownServiceIsAnErrorAndPolledAsUsual() {
		this.rig.start();
		this.rig.seconds(10);

		assertThat(this.rig.lists).isEmpty();
		assertThat(this.rig.delivered).hasSize(2).allMatch((error) -> error.contains("no usable instance"));
	}

	@Test
	void anEmptyListThatIsBelievedIsDeliveredWithItsReason() {
		this.rig.onEmpty(OnEmpty.HONOR, null).registry.octets(1, 2);
		this.rig.start();
		this.rig.registry.octets();
		this.rig.seconds(10);

		assertThat(this.rig.last()).isEmpty();
		assertThat(this.rig.delivered.get(2)).contains("no usable instance of service \"greeter\"");
	}

	@Test
	void nothingIsDeliveredAfterClose() {
		this.rig.registry.octets(1);
		this.rig.blocking = true;
		Resolution resolution = this.rig.start();
		resolution.close();
		this.rig.blocked.remove().run();
		this.rig.events.registryMayHaveChanged();
		resolution.refresh();

		assertThat(this.rig.abandoned).isEqualTo(1);
		assertThat(this.rig.delivered).isEmpty();
		assertThat(this.rig.scheduler.pending()).isEmpty();
	}

	@Test
	void applicationEventsTriggerALookup() {
		this.rig.registry.octets(1);
		this.rig.start();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(RegistryEvents.class, () -> this.rig.events);
			context.registerBean(RefreshEvents.class);
			context.refresh();

			this.rig.seconds(1);
			context.publishEvent(new HeartbeatEvent(this, 1));
			this.rig.millis(100);
			assertThat(this.rig.lookups()).isEqualTo(2);
			this.rig.seconds(1);
			context.publishEvent(new EnvironmentChangeEvent(Set.of()));
			this.rig.millis(100);
			assertThat(this.rig.lookups()).isEqualTo(3);
		}
	}

	@Test
	void theServiceIdIsTheAuthority() {
		DiscoveryResolver resolver = this.rig.resolver();

		assertThat(resolver.authority(Discoveries.GREETER)).isEqualTo("greeter");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> resolver.authority(new Target("discovery://greeter", "discovery", "greeter", "")))
			.withMessageContaining("discovery:///service-id");
	}

	@Test
	void anotherServiceIdReplacesThePathOfTheTarget() {
		DiscoverySettings defaults = DiscoverySettings.DEFAULT;
		this.rig.settings = new DiscoverySettings("x", "greeter", defaults.lookups(), defaults.holding(),
				defaults.instances());
		this.rig.registry.octets(1);
		Target other = new Target("discovery:///other", "discovery", "", "other");

		assertThat(this.rig.resolver().authority(other)).isEqualTo("greeter");
		assertThat(this.rig.start().details()).containsEntry("serviceId", "greeter");
		assertThat(this.rig.octets()).containsExactly(1);
	}

	@Test
	void everythingIsVisible() {
		this.rig.registry.instances(FakeRegistry.instance("10.0.0.1:9090", "a", Map.of()),
				FakeRegistry.instance("10.0.0.1:9090", "b", Map.of()),
				FakeRegistry.instance("10.0.0.2:9090", "c", Map.of("gRPC_port", "abc")));
		Resolution resolution = this.rig.start();
		resolution.refresh();
		this.rig.events.registryMayHaveChanged();

		Map<String, Object> details = resolution.details();
		assertThat(details).contains(entry("serviceId", "greeter"), entry("origin", "registry"),
				entry("client", "fake"), entry("lookups", 1L), entry("lookupRunning", false), entry("failuresInRow", 0),
				entry("duplicates", 1), entry("heldRemovals", 0), entry("emptyAnswersInRow", 0),
				entry("filteredOut", 0),
				entry("triggers",
						Map.of("start", 1L, "poll", 0L, "event", 1L, "connectionLost", 1L, "confirmation", 0L, "call",
								0L)),
				entry("skipped", List
					.of(Map.of("instance", "10.0.0.2:8080", "reason", "metadata gRPC_port=\"abc\" is not a port"))));
		assertThat(details.get("lastLookup")).isEqualTo(Map.of("at",
				Instant.ofEpochMilli(this.rig.scheduler.currentTimeMillis()), "tookMillis", 0L, "trigger", "start"));
		assertThat(details.get("nextLookup"))
			.isEqualTo(Instant.ofEpochMilli(this.rig.scheduler.currentTimeMillis()).plusMillis(100));
	}

	@Test
	void aLookupThatCannotBeReadCountsAsFailed() {
		this.rig.registry.octets(1);
		this.rig.start();
		this.rig.registry.onLookup = () -> {
			throw new NoClassDefFoundError("missing");
		};
		this.rig.seconds(10);

		assertThat(this.rig.delivered.get(1)).contains("NoClassDefFoundError");
		this.rig.seconds(20);
		assertThat(this.rig.lookups()).isEqualTo(3);
	}

	@Test
	void withoutARegistryTheSnapshotIsUsedUntilItsFirstAnswer() {
		this.rig.snapshotsIn(this.directory).registry.octets(1, 2, 3, 4);
		this.rig.start().close();

		Discoveries later = new Discoveries().snapshotsIn(this.directory);
		later.registry.failure = new IllegalStateException("registry down");
		Resolution resolution = later.start();
		later.all(ConnectivityState.READY, 1, 2, 3, 4);
		assertThat(later.octets()).containsExactly(1, 2, 3, 4);
		assertThat(later.delivered.get(1)).contains("registry down");
		assertThat(resolution.details()).containsEntry("origin", "snapshot")
			.containsEntry("snapshotSavedAt", Instant.ofEpochMilli(new Discoveries().scheduler.currentTimeMillis()));

		later.registry.failure = null;
		later.registry.octets(9);
		later.seconds(20);
		assertThat(later.octets()).containsExactly(9);
		assertThat(resolution.details()).containsEntry("origin", "registry").doesNotContainKey("snapshotSavedAt");
	}

	@Test
	void theSnapshotIsNotUsedAfterAnAnswer() {
		this.rig.snapshotsIn(this.directory).onEmpty(OnEmpty.HONOR, null).registry.octets(1);
		this.rig.start();
		this.rig.registry.octets();
		this.rig.seconds(10);
		this.rig.registry.failure = new IllegalStateException("registry down");
		this.rig.seconds(10);

		assertThat(this.rig.last()).isEmpty();
	}

	@Test
	void aSnapshotThatCannotBeWrittenIsNotMissed() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		this.rig.snapshotsIn(file).registry.octets(1);
		this.rig.start();
		this.rig.registry.octets(1, 2);
		this.rig.seconds(10);

		assertThat(this.rig.octets()).containsExactly(1, 2);
	}

	@Test
	void eachClientHasAnOrderOfItsOwn() {
		List<Address> addresses = IntStream.range(0, 100).mapToObj((i) -> Address.of("10.0.0." + i, 9090)).toList();
		List<Address> ordered = new ClientOrder(1).of(addresses);

		assertThat(ordered).containsExactlyInAnyOrderElementsOf(addresses)
			.isEqualTo(new ClientOrder(1).of(ordered))
			.isNotEqualTo(new ClientOrder(2).of(addresses));
		assertThat(new ClientOrder(1).of(addresses.subList(0, 99)))
			.isEqualTo(ordered.stream().filter(addresses.subList(0, 99)::contains).toList());
		assertThat(LongStream.range(0, 1000)
			.mapToObj((seed) -> new ClientOrder(seed).of(addresses.subList(0, 4)).get(0))
			.collect(Collectors.groupingBy((first) -> first, Collectors.counting()))
			.values()).hasSize(4).allMatch((count) -> count > 150);
	}

	@Test
	void resolversWithEqualSettingsAreEqual() {
		Registry registry = Discoveries.registryOf(this.rig.registry);
		LookupRunner threads = (lookup) -> () -> {
		};
		RandomGenerator random = () -> 1;
		DiscoveryResolver resolver = new DiscoveryResolver(registry, this.rig.events, threads, random,
				this.rig.settings);

		assertThat(new DiscoveryResolver(registry, this.rig.events, threads, random,
				new Discoveries().onEmpty(OnEmpty.UNTIL_DEAD, null).settings))
			.isEqualTo(new DiscoveryResolver(registry, this.rig.events, threads, random,
					new Discoveries().onEmpty(OnEmpty.UNTIL_DEAD, null).settings))
			.isNotEqualTo(resolver);
	}

	@Test
	void pollsVaryByTwentyPercent() {
		this.rig.registry.octets(1);
		this.rig.start(() -> 0L);
		this.rig.seconds(7);
		assertThat(this.rig.lookups()).isEqualTo(1);
		this.rig.seconds(1);
		assertThat(this.rig.lookups()).isEqualTo(2);
	}

	@Test
	void lostConnectionsPullOncePerSecond() {
		this.rig.registry.octets(1);
		Resolution resolution = this.rig.start();
		for (int i = 0; i < 100; i++) {
			resolution.refresh();
		}
		this.rig.scheduler.advance(Duration.ofMillis(999));
		assertThat(this.rig.lookups()).isEqualTo(1);
		this.rig.millis(1);
		assertThat(this.rig.lookups()).isEqualTo(2);

		this.rig.seconds(5);
		resolution.refresh();
		this.rig.millis(0);
		assertThat(this.rig.lookups()).isEqualTo(3);
		assertThat(this.rig.scheduler.pending()).hasSize(1);
	}

	@Test
	void aDiscoveryClientThatFailsIsNotReplacedByTheNext() {
		FakeRegistry a = new FakeRegistry("a");
		FakeRegistry b = new FakeRegistry("b").octets(7, 8);
		a.octets(1, 2);
		Resolution resolution = this.rig.start(new CompositeDiscoveryClient(new ArrayList<>(List.of(a, b))),
				() -> 1L << 63);
		a.failure = new IllegalStateException("a is down");
		this.rig.seconds(10);

		assertThat(resolution.details()).containsEntry("client", "a").containsKey("staleSince");
		assertThat(this.rig.octets()).containsExactly(1, 2);
		assertThat(b.lookups.get()).isZero();
	}

}
