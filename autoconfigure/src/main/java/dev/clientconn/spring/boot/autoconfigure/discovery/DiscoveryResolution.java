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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver.Context;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.spring.boot.autoconfigure.discovery.DiscoveryReport.Held;
import dev.clientconn.spring.boot.autoconfigure.discovery.DiscoveryReport.LastLookup;
import dev.clientconn.spring.boot.autoconfigure.discovery.DiscoveryReport.Source;
import dev.clientconn.spring.boot.autoconfigure.discovery.Registry.Answer;
import dev.clientconn.spring.boot.autoconfigure.discovery.RegistryLookup.Result;
import dev.clientconn.spring.boot.autoconfigure.discovery.SnapshotFile.Saved;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Follows one service for one ClientConn: looks it up when {@link LookupTimer} says so,
 * and tells the listener what {@link HeldList} makes of the answer.
 */
final class DiscoveryResolution implements Resolution {

	private final DiscoveryResolver resolver;

	private final String serviceId;

	private final Context context;

	private final AddressListener listener;

	private final LookupTimer timer;

	private final RegistryLookup<Looked> lookup;

	private final InstanceAddresses mapping;

	private final ClientOrder order;

	private final Runnable eventListener = this::registryChanged;

	// Only the look-up that runs or has just ended; the timer's lock hands them on.

	private final HeldList list;

	private final SnapshotKeeper snapshot;

	private final DiscoveryLog log;

	private Source source = DiscoveryReport.NOTHING.source();

	private @Nullable Instances instances;

	private InstanceServiceConfig config = InstanceServiceConfig.NONE;

	private @Nullable Instant staleSince;

	// Written like those above, read by any thread.

	private volatile List<Address> delivered = List.of();

	private volatile DiscoveryReport report = DiscoveryReport.NOTHING;

	private volatile boolean closed;

	/** The next list is delivered even if it is the same. */
	private final AtomicBoolean answerOwed = new AtomicBoolean();

	DiscoveryResolution(DiscoveryResolver resolver, String target, String serviceId, Context context,
			AddressListener listener) {
		DiscoverySettings settings = resolver.settings();
		this.resolver = resolver;
		this.serviceId = serviceId;
		this.context = context;
		this.listener = listener;
		this.timer = new LookupTimer(context.scheduler(), resolver.random(), settings.lookups().intervals(),
				this::lookUp);
		this.lookup = new RegistryLookup<>(resolver.threads(), context.scheduler(), settings.lookups().timeout());
		this.mapping = new InstanceAddresses(settings.instances());
		this.order = new ClientOrder(resolver.random().nextLong());
		this.list = new HeldList(settings.holding(), context.connectivity(), context.scheduler());
		Path directory = settings.lookups().snapshotDirectory();
		this.snapshot = new SnapshotKeeper(target,
				(directory != null) ? SnapshotFile.of(directory, settings.channel(), serviceId) : null);
		this.log = new DiscoveryLog(target);
	}

	void start() {
		this.resolver.registryEvents().add(this.eventListener);
		this.timer.start();
	}

	@Override
	public void refresh() {
		this.timer.connectionLost();
	}

	@Override
	public void idle() {
		this.timer.idle();
	}

	@Override
	public boolean active() {
		DiscoveryReport current = this.report;
		boolean useless = current.last() == null || current.staleSince() != null;
		// Before the look-up that answers. One that runs now may have its answer already;
		// another one follows it.
		this.answerOwed.set(true);
		boolean begins = this.timer.active(useless);
		if (!begins) {
			this.answerOwed.set(false);
		}
		return begins;
	}

	@Override
	public Map<String, Object> details() {
		return this.report.details(this.serviceId, this.timer.state());
	}

	@Override
	public void close() {
		this.closed = true;
		this.resolver.registryEvents().remove(this.eventListener);
		this.timer.close();
		this.lookup.close();
	}

	private void registryChanged() {
		this.timer.registryChanged(!this.timer.awaitsEvents() && isNoneReady());
	}

	private boolean isNoneReady() {
		return this.delivered.stream()
			.noneMatch((address) -> this.context.connectivity().of(address) == ConnectivityState.READY);
	}

	private void lookUp() {
		this.lookup.start(this::ask, this::ended);
	}

	/** Blocks. */
	private Looked ask() {
		this.snapshot.load();
		Answer answer = this.resolver.registry().lookUp(this.serviceId, this.source.client());
		return new Looked(answer, this.mapping.of(answer.instances()));
	}

	private void ended(Result<Looked> result) {
		Looked looked = result.answer();
		Duration again = null;
		try {
			if (!this.closed) {
				again = (looked != null) ? answered(looked, result) : failed(result);
			}
		}
		finally {
			this.timer.ended(looked != null, again);
		}
	}

	private @Nullable Duration answered(Looked looked, Result<Looked> result) {
		List<Address> found = looked.instances.addresses();
		this.instances = looked.instances;
		this.log.instances(looked.instances);
		if (found.isEmpty()) {
			Duration again = this.list.empty();
			trouble(result, Status.UNAVAILABLE.withDescription(nothingUsable(looked.instances)));
			return again;
		}
		String before = this.source.client();
		String client = looked.answer.client();
		Duration again = this.list.found(found, before != null && !before.equals(client));
		this.source = new Source("registry", client, null);
		boolean recovered = this.staleSince != null;
		this.staleSince = null;
		deliverConfig(found);
		deliver(recovered | this.answerOwed.getAndSet(false));
		if (recovered) {
			this.log.troubleEnds(this.delivered.size());
		}
		this.log.held(this.list.held(), this.delivered.size());
		report(result, null, looked.answer.failed());
		this.snapshot.save(found, now());
		return again;
	}

	private @Nullable Duration failed(Result<Looked> result) {
		this.list.unanswered();
		Throwable failure = result.failure();
		trouble(result, Status.UNAVAILABLE
			.withDescription(
					"the look-up of service \"" + this.serviceId + "\" in the registry failed: " + describe(failure))
			.withCause(failure));
		return null;
	}

	/** There is no usable answer; the list is what the rules have made of that. */
	private void trouble(Result<Looked> result, Status problem) {
		Saved saved = this.snapshot.loaded();
		boolean believed = result.answer() != null && this.resolver.settings().holding().onEmpty() == OnEmpty.HONOR;
		if (saved != null && this.source.origin().equals("none") && !believed) {
			this.list.startWith(saved.addresses());
			deliverConfig(saved.addresses());
			this.source = new Source("snapshot", null, saved.at());
			this.log.snapshotUsed(saved);
		}
		deliver(false);
		if (this.staleSince == null) {
			this.staleSince = now();
			this.log.troubleBegins(String.valueOf(problem.getDescription()), this.delivered.size());
		}
		report(result, problem.getDescription(), List.of());
		// After the list, which would take the error back.
		this.listener.onError(problem);
	}

	/** Before the list that it came with, so that the first calls have it. */
	private void deliverConfig(List<Address> found) {
		InstanceServiceConfig latest = InstanceServiceConfig.of(found);
		if (this.resolver.settings().holding().serviceConfig() && !latest.equals(this.config)) {
			this.config = latest;
			latest.deliver(this.listener);
		}
	}

	private void deliver(boolean again) {
		List<Address> addresses = this.list.list();
		if (again || !addresses.equals(this.delivered)) {
			this.delivered = addresses;
			this.listener.onAddresses(this.order.of(addresses));
		}
	}

	private void report(Result<Looked> result, @Nullable String error, List<String> failedClients) {
		this.report = new DiscoveryReport(this.source,
				new LastLookup(now(), result.tookNanos() / 1_000_000, error, failedClients), this.staleSince,
				new Held(this.list.empties(), List.copyOf(this.list.held())), this.instances);
	}

	private String nothingUsable(Instances found) {
		String filtered = (found.filtered() > 0) ? "; " + found.filtered() + " do not match the metadata filter" : "";
		return "the registry knows no usable instance of service \"" + this.serviceId + "\"" + filtered
				+ (found.skipped().isEmpty() ? "" : "; skipped " + found.skipped().size() + ", the first: "
						+ found.skipped().entrySet().iterator().next());
	}

	/** Clients wrap what happened in exceptions that may not say it. */
	private static String describe(@Nullable Throwable failure) {
		Throwable root = NestedExceptionUtils.getRootCause(failure);
		return (root != null) ? failure + ", caused by " + root : String.valueOf(failure);
	}

	private Instant now() {
		return Instant.ofEpochMilli(this.context.scheduler().currentTimeMillis());
	}

	/**
	 * An answer, read.
	 *
	 * @param answer the answer
	 * @param instances what its instances come to
	 */
	private record Looked(Answer answer, Instances instances) {
	}

}
