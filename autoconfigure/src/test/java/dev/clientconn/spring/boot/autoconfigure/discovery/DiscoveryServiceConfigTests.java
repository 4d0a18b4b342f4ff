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
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Service configs in the metadata of instances.
 */
class DiscoveryServiceConfigTests {

	private static final String ONE = "{\"loadBalancingPolicy\":\"one\"}";

	private static final String TWO = "{\"loadBalancingPolicy\":\"two\"}";

	private static final Map<String, Object> READ_ONE = Map.of("loadBalancingPolicy", "one");

	private static final Map<String, Object> READ_TWO = Map.of("loadBalancingPolicy", "two");

	private final Discoveries rig = new Discoveries();

	@TempDir
	private Path directory;

	@Test
	void withoutTheKeyThereIsNone() {
		answer(instance(1, null, null), instance(2, null, null));

		assertThat(this.rig.configs).isEmpty();
	}

	@Test
	void allInstancesAgree() {
		answer(instance(1, ONE, null), instance(2, " " + ONE + " ", null));
		this.rig.seconds(30);

		assertThat(this.rig.configs).containsExactly(READ_ONE);
	}

	@Test
	void anotherOneFollowsAndNoneEndsIt() {
		answer(instance(1, ONE, null));
		answerAgain(instance(1, TWO, null));
		answerAgain(instance(1, null, null));

		assertThat(this.rig.configs).containsExactly(READ_ONE, READ_TWO, Map.of());
	}

	@Test
	void whoStartedLastHasTheSay() {
		answer(instance(1, TWO, "1763798400000"), instance(2, ONE, "2025-11-22T08:00:01Z"),
				instance(3, TWO, "2025-11-22T08:00:00Z"));

		assertThat(this.rig.configs).containsExactly(READ_ONE);
	}

	@Test
	void whoStartedLastWithoutOneEndsIt() {
		answer(instance(1, ONE, "1"));
		answerAgain(instance(1, ONE, "1"), instance(2, null, "2"));

		assertThat(this.rig.configs).containsExactly(READ_ONE, Map.of());
	}

	@Test
	void aDisagreementWithoutStartTimesKeepsTheLast() {
		answer(instance(1, ONE, "1"));
		answerAgain(instance(1, ONE, "1"), instance(2, TWO, null));
		answerAgain(instance(1, ONE, "soon"), instance(2, TWO, "2"));
		answerAgain(instance(1, TWO, "1"), instance(2, TWO, null));

		assertThat(this.rig.configs).containsExactly(READ_ONE,
				"the instances have 2 different gRPC_service_config, and no start times that tell which is the newest",
				READ_TWO);
	}

	@Test
	void twoThatStartedTogetherDisagree() {
		answer(instance(1, ONE, "2"), instance(2, TWO, "2"), instance(3, ONE, "1"));

		assertThat(this.rig.configs).singleElement().asString().startsWith("the instances have 2 different");
	}

	@Test
	void whatIsNoJsonIsToldOnce() {
		answer(instance(1, "{ x", null));
		this.rig.seconds(30);

		assertThat(this.rig.configs).singleElement()
			.asString()
			.startsWith("gRPC_service_config is not a JSON object: ");
	}

	@Test
	void aRegistryInTroubleChangesNothing() {
		answer(instance(1, ONE, null));
		answerAgain();

		assertThat(this.rig.configs).containsExactly(READ_ONE);
	}

	@Test
	void aSnapshotHasItToo() {
		this.rig.snapshotsIn(this.directory);
		answer(instance(1, ONE, null));
		Discoveries later = new Discoveries().snapshotsIn(this.directory);
		later.start();

		assertThat(later.configs).containsExactly(READ_ONE);
	}

	@Test
	void itCanBeSwitchedOff() {
		DiscoverySettings settings = this.rig.settings;
		this.rig.settings = new DiscoverySettings("greeter", null, settings.lookups(),
				new DiscoverySettings.Holding(settings.holding().onEmpty(), null, 0.5, false), settings.instances());
		answer(instance(1, ONE, null));

		assertThat(this.rig.configs).isEmpty();
	}

	private void answer(ServiceInstance... instances) {
		this.rig.registry.instances(instances);
		this.rig.start();
	}

	private void answerAgain(ServiceInstance... instances) {
		this.rig.registry.instances(instances);
		this.rig.seconds(10);
	}

	private static ServiceInstance instance(int octet, @Nullable String config, @Nullable String startTime) {
		Map<String, String> metadata = new HashMap<>();
		if (config != null) {
			metadata.put(InstanceServiceConfig.KEY, config);
		}
		if (startTime != null) {
			metadata.put("startTimestamp", startTime);
		}
		return FakeRegistry.instance("10.0.0." + octet + ":9090", "i" + octet, metadata);
	}

}
