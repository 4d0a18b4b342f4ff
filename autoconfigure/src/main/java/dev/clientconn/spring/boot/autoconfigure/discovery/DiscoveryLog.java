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

import java.util.Collection;
import java.util.HashSet;
import java.util.Map.Entry;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log lines of one resolution: one when something begins, one when it ends. Only by
 * the look-up that has just ended.
 */
final class DiscoveryLog {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(DiscoveryResolution.class);

	private final String target;

	private final Set<String> warned = new HashSet<>();

	private Set<String> skipped = Set.of();

	private boolean holding;

	DiscoveryLog(String target) {
		this.target = target;
	}

	/** Tells each kind of warning once, and what is skipped when that is new. */
	void instances(Instances instances) {
		instances.warnings().forEach((kind, text) -> {
			if (this.warned.add(kind)) {
				logger.warn("{} - {}", this.target, text);
			}
		});
		for (Entry<String, String> instance : instances.skipped().entrySet()) {
			if (!this.skipped.contains(instance.getKey())) {
				logger.warn("{} - the registry lists instances that are not used, {} in all; {}: {}", this.target,
						instances.skipped().size(), instance.getKey(), instance.getValue());
				break;
			}
		}
		this.skipped = Set.copyOf(instances.skipped().keySet());
	}

	/** Tells when removals begin and cease to be held. */
	void held(Collection<HeldRemoval> removals, int addresses) {
		if (removals.isEmpty() == this.holding) {
			this.holding = !this.holding;
			if (this.holding) {
				logger.warn("{} - {} of {} addresses stay in use although the registry no longer lists them: {}",
						this.target, removals.size(), addresses, removals.iterator().next().description());
			}
			else {
				logger.info("{} - the registry lists all {} addresses in use again", this.target, addresses);
			}
		}
	}

	void troubleBegins(String problem, int addresses) {
		logger.warn("{} - {}; {} known addresses stay in use", this.target, problem, addresses);
	}

	void troubleEnds(int addresses) {
		logger.info("{} - the registry answers again, {} addresses are in use", this.target, addresses);
	}

	void snapshotUsed(SnapshotFile.Saved saved) {
		logger.warn("{} - {} addresses from the snapshot of {} are used until the registry answers", this.target,
				saved.addresses().size(), saved.at());
	}

}
