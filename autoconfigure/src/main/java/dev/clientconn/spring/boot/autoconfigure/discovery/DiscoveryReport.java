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

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What operators are told of a resolution. Written by the look-up that has just ended,
 * read by any thread; immutable.
 *
 * @param source where the addresses in use come from
 * @param last the last look-up, {@code null} before the first has ended
 * @param staleSince since when the registry has given no usable answer, {@code null} if
 * the last one was
 * @param list the rules' view of the list
 * @param instances what the last answer came to, {@code null} before the first
 */
record DiscoveryReport(Source source, @Nullable LastLookup last, @Nullable Instant staleSince, Held list,
		@Nullable Instances instances) {

	/** Longest list of details: 10,000 of anything help nobody. */
	private static final int MAX_ENTRIES = 50;

	static final DiscoveryReport NOTHING = new DiscoveryReport(new Source("none", null, null), null, null,
			new Held(0, List.of()), null);

	/**
	 * Returns the report as names and values.
	 * @param serviceId the service
	 * @param state when look-ups were and will be
	 * @return a map in an order for people; what is unknown is left out
	 */
	Map<String, Object> details(String serviceId, LookupTimer.State state) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("serviceId", serviceId);
		details.put("origin", this.source.origin);
		put(details, "client", this.source.client);
		put(details, "snapshotSavedAt", this.source.savedAt);
		details.put("lookups", state.lookups());
		details.put("lookupRunning", state.running());
		if (this.last != null) {
			details.put("lastLookup", this.last.details(state.causes().last()));
		}
		put(details, "nextLookup", state.next());
		details.put("triggers", state.causes().counts());
		details.put("failuresInRow", state.failures());
		put(details, "staleSince", this.staleSince);
		details.put("emptyAnswersInRow", this.list.empties);
		details.put("heldRemovals", this.list.removals.size());
		details.put("held", this.list.removals.stream().limit(MAX_ENTRIES).map(HeldRemoval::description).toList());
		if (this.instances != null) {
			details.put("skipped", skipped(this.instances));
			details.put("filteredOut", this.instances.filtered());
			details.put("duplicates", this.instances.duplicates());
			details.put("warnings", new ArrayList<>(this.instances.warnings().values()));
		}
		return details;
	}

	private static List<Object> skipped(Instances instances) {
		List<Object> skipped = new ArrayList<>();
		instances.skipped().entrySet().stream().limit(MAX_ENTRIES).forEach((entry) -> {
			Map<String, Object> instance = new LinkedHashMap<>();
			instance.put("instance", entry.getKey());
			instance.put("reason", entry.getValue());
			skipped.add(instance);
		});
		return skipped;
	}

	private static void put(Map<String, Object> details, String name, @Nullable Object value) {
		if (value != null) {
			details.put(name, value);
		}
	}

	/**
	 * Where the addresses in use come from.
	 *
	 * @param origin {@code registry}, {@code snapshot} or {@code none}
	 * @param client the discovery client that answered, {@code null} if none did
	 * @param savedAt when the snapshot was saved, {@code null} unless it is in use
	 */
	record Source(String origin, @Nullable String client, @Nullable Instant savedAt) {
	}

	/**
	 * A look-up that has ended.
	 *
	 * @param at when it ended
	 * @param tookMillis how long it took
	 * @param error why it brought no usable answer, {@code null} if it did
	 * @param failedClients discovery clients that failed before another answered
	 */
	record LastLookup(Instant at, long tookMillis, @Nullable String error, List<String> failedClients) {

		private Map<String, Object> details(@Nullable String cause) {
			Map<String, Object> details = new LinkedHashMap<>();
			details.put("at", this.at);
			details.put("tookMillis", this.tookMillis);
			put(details, "trigger", cause);
			put(details, "error", this.error);
			if (!this.failedClients.isEmpty()) {
				details.put("failedClients", this.failedClients);
			}
			return details;
		}

	}

	/**
	 * The rules' view of the list.
	 *
	 * @param empties empty answers in a row
	 * @param removals addresses in use that the registry no longer lists
	 */
	record Held(int empties, List<HeldRemoval> removals) {

		Held {
			removals = List.copyOf(removals);
		}

	}

}
