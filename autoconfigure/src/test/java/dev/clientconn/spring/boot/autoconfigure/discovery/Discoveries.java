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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver.Context;
import dev.clientconn.naming.Target;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.spring.boot.autoconfigure.discovery.DiscoverySettings.Holding;
import dev.clientconn.spring.boot.autoconfigure.discovery.DiscoverySettings.Lookups;
import dev.clientconn.testing.FakeScheduler;
import io.grpc.ConnectivityState;
import io.grpc.Status;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Resolutions with a fake registry, virtual time, and connections in the states that a
 * test says. Look-ups run at once on the thread that moves time, or wait in a queue.
 */
final class Discoveries implements AddressListener {

	static final Target GREETER = new Target("discovery:///greeter", "discovery", "", "greeter");

	/** The middle of the range: no jitter. */
	private static final RandomGenerator NO_JITTER = () -> 1L << 63;

	final FakeScheduler scheduler = new FakeScheduler();

	final FakeRegistry registry = new FakeRegistry();

	final RegistryEvents events = new RegistryEvents();

	/** States by address; IDLE unless set. */
	final Map<String, ConnectivityState> states = new ConcurrentHashMap<>();

	/** Lists, sorted for reading, and errors. */
	final List<String> delivered = new ArrayList<>();

	/** The lists alone, sorted for reading. */
	final List<List<Address>> lists = new ArrayList<>();

	/** Look-ups that hang. */
	final Queue<Runnable> blocked = new ArrayDeque<>();

	/** Service configs, and errors. */
	final List<Object> configs = new ArrayList<>();

	int abandoned;

	boolean blocking;

	DiscoverySettings settings = DiscoverySettings.DEFAULT;

	Discoveries onEmpty(OnEmpty onEmpty, Duration emptyHold) {
		Holding holding = new Holding(onEmpty, emptyHold, this.settings.holding().shrinkGuard(), true);
		this.settings = new DiscoverySettings("greeter", null, this.settings.lookups(), holding,
				this.settings.instances());
		return this;
	}

	Discoveries snapshotsIn(Path directory) {
		Lookups lookups = new Lookups(this.settings.lookups().intervals(), this.settings.lookups().timeout(),
				directory);
		this.settings = new DiscoverySettings("greeter", null, lookups, this.settings.holding(),
				this.settings.instances());
		return this;
	}

	Resolution start() {
		return start(NO_JITTER);
	}

	Resolution start(RandomGenerator random) {
		return start(this.registry, random);
	}

	Resolution start(DiscoveryClient client, RandomGenerator random) {
		return resolver(client, random).resolve(GREETER, new Context((task) -> {
			throw new AssertionError("look-ups have threads of their own");
		}, this.scheduler, (address) -> this.states.getOrDefault(address.addr(), ConnectivityState.IDLE)), this);
	}

	DiscoveryResolver resolver() {
		return resolver(this.registry, NO_JITTER);
	}

	DiscoveryResolver resolver(DiscoveryClient client, RandomGenerator random) {
		return new DiscoveryResolver(registryOf(client), this.events, this::run, random, this.settings);
	}

	static Registry registryOf(DiscoveryClient client) {
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("registry", client);
		return Registry.of(beans.getBeanProvider(DiscoveryClient.class));
	}

	private LookupRunner.Running run(Runnable lookup) {
		if (this.blocking) {
			this.blocked.add(lookup);
		}
		else {
			lookup.run();
		}
		return () -> this.abandoned++;
	}

	void all(ConnectivityState state, int... lastOctets) {
		for (int octet : lastOctets) {
			this.states.put("10.0.0." + octet + ":9090", state);
		}
	}

	void seconds(int seconds) {
		this.scheduler.advance(Duration.ofSeconds(seconds));
	}

	void millis(int millis) {
		this.scheduler.advance(Duration.ofMillis(millis));
	}

	int lookups() {
		return this.registry.lookups.get();
	}

	/** The last octets of the list in use. */
	List<Integer> octets() {
		return last().stream()
			.map((address) -> Integer.parseInt(address.host().substring(address.host().lastIndexOf('.') + 1)))
			.toList();
	}

	List<Address> last() {
		return this.lists.get(this.lists.size() - 1);
	}

	@Override
	public void onAddresses(List<Address> addresses) {
		List<Address> sorted = addresses.stream().sorted(InstanceAddresses.ORDER).toList();
		this.lists.add(sorted);
		this.delivered.add(sorted.toString());
	}

	@Override
	public void onError(Status error) {
		this.delivered.add(error.toString());
	}

	@Override
	public void onServiceConfig(Map<String, ?> config) {
		this.configs.add(config);
	}

	@Override
	public void onServiceConfigError(String error) {
		this.configs.add(error);
	}

}
