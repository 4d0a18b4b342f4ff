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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import dev.clientconn.ConnectivitySnapshot.PendingUpdate;
import dev.clientconn.transport.EventLoops;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the calls of a ClientConn go, and how an update moves them: in place, or by
 * another {@link Generation} that takes over once it is READY. Everything but the reads
 * runs in the serial context, {@link #start} on the thread of dial.
 */
final class Generations implements Generation.Owner, ServiceConfigs.Users {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(ClientConn.class);

	// set at dial, never change

	private final ConnCore core;

	private final Owner owner;

	private final ServiceConfigs configs;

	// only in the serial context

	/** Finish their last calls. */
	private final RareSet<Generation> leaving = new RareSet<>();

	/** Timers of open calls may run on any of them: closed with the ClientConn. */
	private List<EventLoops> loops;

	/** There once an update has waited. */
	private @Nullable Patience patience;

	/** There once there is an idle timeout. */
	private @Nullable IdleTimer idleTimer;

	private boolean ending;

	// written in the serial context, read by any thread

	private volatile Serving serving;

	private volatile @Nullable Generation candidate;

	/**
	 * Makes the first generation.
	 * @param core what all generations share
	 * @param loops where connections live
	 * @param dial the first options
	 * @param owner hears of what becomes of them
	 */
	Generations(ConnCore core, EventLoops loops, Dial dial, Owner owner) {
		this.core = core;
		this.owner = owner;
		this.loops = List.of(loops);
		Generation first = new Generation(dial, core, loops, this);
		this.serving = Serving.of(first, first.env());
		this.configs = new ServiceConfigs(core, this);
	}

	/** Where calls go; any thread. */
	@Override
	public Serving serving() {
		return this.serving;
	}

	/** Waits beside the one in use until it is READY; any thread. */
	@Override
	public @Nullable Generation candidate() {
		return this.candidate;
	}

	/**
	 * Subscribes to service configs and, unless the dial is lazy, starts to connect.
	 * @return what the service configs come through, {@code null} without any
	 */
	@Nullable ServiceConfigWatcher start() {
		Generation first = this.serving.generation();
		this.configs.follow();
		if (!first.dial().options.lazy) {
			first.start();
		}
		this.configs.dialled();
		return this.configs.watcher();
	}

	void update(Dial dial) {
		if (this.core.shutdown != null) {
			return;
		}
		try {
			Generation waiting = this.candidate;
			Generation current = this.serving.generation();
			DialChanges changes = DialChanges.between(current.dial(), dial);
			if (waiting != null && !DialChanges.between(waiting.dial(), dial).isRedial()) {
				waiting.change(dial, this.configs.inForce(waiting, dial.options).config());
			}
			else if (changes.isRedial()) {
				redial(dial, changes);
			}
			else {
				dropCandidate();
				changeInPlace(dial, changes);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("{} - the options were not changed: {}", dial.target.text(), ex.toString(), ex);
		}
	}

	/** Ends everything; open calls may finish if the reason is to drain. */
	void end(Status reason) {
		this.configs.close();
		dropCandidate();
		Generation current = this.serving.generation();
		if (!this.ending) {
			this.ending = true;
			current.balancer().close();
		}
		// Before the addresses end: who waits for the end finds this state.
		this.core.tracker.update(ConnectivityState.SHUTDOWN, now());
		Status closing = this.core.shutdownNow;
		if (closing != null) {
			this.core.pending.retryAll();
			this.core.awaitingCredentials.forEach((call) -> call.cancel(closing));
			this.core.awaitingRetry.forEach((call) -> call.end(closing));
		}
		this.leaving.copy().forEach((generation) -> generation.conns().shutdown(reason));
		current.conns().shutdown(reason);
	}

	/** No more calls are taken: what has not taken over by now never will. */
	void closeInputs() {
		this.configs.close();
		this.core.serial.execute(this::dropCandidate);
		this.core.serial.execute(this::endIdleTimer);
	}

	/** Whether {@link #end} has done its work. */
	boolean isEnded() {
		return this.ending && this.leaving.isEmpty() && this.serving.generation().isEnded();
	}

	void closeLoops() {
		this.loops.forEach(EventLoops::close);
	}

	/** Any thread. */
	@Nullable PendingUpdate pendingUpdate() {
		Generation waiting = this.candidate;
		if (waiting != null) {
			return waiting.pendingUpdate();
		}
		CallEnv env = this.serving.env();
		BalancerSwitch.Waiting policy = env.control.balancer().waiting();
		return (policy != null) ? new PendingUpdate(env.identity.target(), env.identity.secure() ? "tls" : "plaintext",
				policy.policy(), this.core.tracker.state(), Instant.ofEpochMilli(policy.sinceMillis()), null) : null;
	}

	/** Any thread. */
	ServiceConfigState serviceConfig() {
		return this.configs.state();
	}

	/** Whether an address is in use, or of an update that waits; any thread. */
	boolean knows(String addr) {
		Generation waiting = this.candidate;
		return this.serving.generation().conns().find(addr) != null
				|| (waiting != null && waiting.conns().find(addr) != null);
	}

	/**
	 * Does something to the addresses in use, and to those of an update that waits.
	 * Leaves out what is not started, where there are none.
	 */
	void forEach(Consumer<AddrConns> action) {
		Generation waiting = this.candidate;
		Generation current = this.serving.generation();
		if (current.isStarted()) {
			action.accept(current.conns());
		}
		if (waiting != null) {
			action.accept(waiting.conns());
		}
	}

	@Override
	public CallEnv current() {
		return this.serving.env();
	}

	@Override
	public void callsEnded() {
		this.owner.progress();
	}

	@Override
	public void wanted() {
		Generation current = this.serving.generation();
		if (current.isStarted()) {
			current.conns().exitIdle();
		}
		else if (!this.ending) {
			// Also after shutdown, for calls that were open then. A dial cannot fail any
			// more.
			current.startOrTell();
		}
	}

	@Override
	public void connectFailed(Generation generation, Status cause) {
		if (generation == this.serving.generation()) {
			this.owner.connectFailed(cause);
		}
	}

	@Override
	public void stateIs(Generation generation, ConnectivityState state) {
		Generation waiting = this.candidate;
		if (generation == this.serving.generation()) {
			this.core.tracker.update(state, now());
			if (state != ConnectivityState.IDLE) {
				beginIdleTimer(generation.dial().options.idleTimeout);
			}
			if (waiting != null) {
				beginPatience(state);
			}
		}
		else if (generation == waiting && state == ConnectivityState.READY) {
			moveTo(waiting);
		}
	}

	@Override
	public void connectionsEnded(Generation generation) {
		this.leaving.remove(generation);
		this.owner.progress();
	}

	private void changeInPlace(Dial dial, DialChanges changes) {
		if (changes.isNone()) {
			return;
		}
		Generation current = this.serving.generation();
		current.change(dial, this.configs.inForce(current, dial.options).config());
		serve(current);
		logger.info("{} - changed in place: {}", dial.target.text(), changes.inPlace());
	}

	private void redial(Dial dial, DialChanges changes) {
		Generation current = this.serving.generation();
		boolean otherLoops = changes.contains("eventLoopGroup") || changes.contains("scheduler");
		EventLoops opened = otherLoops ? dial.openLoops() : current.loops();
		if (otherLoops) {
			this.loops = SmallList.with(this.loops, opened);
		}
		Generation next = new Generation(dial, this.core, opened, this);
		next.conns().change(dial.options, this.configs.inForce(next, dial.options).config());
		dropCandidate();
		this.candidate = next;
		logger.info("{} - dials {} anew, because of: {}", current.dial().target.text(), dial.target.text(),
				changes.redialled());
		if (!current.isStarted() || current.state() == ConnectivityState.IDLE) {
			// Nobody has called: nobody needs a connection now.
			moveTo(next);
			return;
		}
		next.follow(this.configs.inForce(next, dial.options).config());
		next.startOrTell();
		if (current.state() != ConnectivityState.READY) {
			// After the new one has said that it is CONNECTING.
			this.core.serial.execute(() -> {
				if (next == this.candidate && current.state() != ConnectivityState.READY) {
					moveTo(next);
				}
			});
		}
	}

	private void moveTo(Generation next) {
		Generation old = this.serving.generation();
		endPatience();
		this.candidate = null;
		serve(next);
		this.core.tracker.target(next.dial().target.text());
		logger.info("{} - calls go to {} from now on", old.dial().target.text(), next.dial().target.text());
		leave(old);
		this.core.tracker.update(next.state(), now());
	}

	/** Publishes the options in force, for calls that start from now on. */
	private void serve(Generation generation) {
		CallEnv env = generation.env();
		env.serviceConfig = this.configs.inForce(generation, env.options).config();
		this.serving = Serving.of(generation, env);
		this.configs.follow();
		this.configs.publish();
		beginIdleTimer(env.options.idleTimeout);
	}

	private void leave(Generation generation) {
		this.leaving.add(generation);
		generation.retire();
	}

	private void dropCandidate() {
		Generation waiting = this.candidate;
		endPatience();
		this.candidate = null;
		if (waiting != null) {
			leave(waiting);
		}
	}

	private void beginPatience(ConnectivityState state) {
		Generation waiting = Objects.requireNonNull(this.candidate, "candidate");
		if (state == ConnectivityState.READY) {
			endPatience();
		}
		else if (state == ConnectivityState.IDLE) {
			moveTo(waiting);
		}
		else {
			if (this.patience == null) {
				this.patience = new Patience(this.core.serial, this::patienceEnded);
			}
			this.patience.begin(this.serving.env().scheduler());
		}
	}

	private void endPatience() {
		if (this.patience != null) {
			this.patience.end();
		}
	}

	private void patienceEnded() {
		Generation waiting = this.candidate;
		if (waiting != null && this.serving.generation().state() != ConnectivityState.READY) {
			moveTo(waiting);
		}
	}

	private void beginIdleTimer(Duration timeout) {
		if (this.idleTimer == null) {
			if (IdleTimer.isNever(timeout)) {
				return;
			}
			this.idleTimer = new IdleTimer(this.core, () -> forEach(AddrConns::enterIdle));
		}
		this.idleTimer.begin(timeout, this.serving.env().scheduler());
	}

	private void endIdleTimer() {
		if (this.idleTimer != null) {
			this.idleTimer.end();
		}
	}

	@Override
	public void configResolved(Generation generation) {
		this.configs.arrived();
	}

	private long now() {
		return this.serving.env().scheduler().currentTimeMillis();
	}

	/**
	 * Hears of the generation in use; called in the serial context.
	 */
	interface Owner {

		/** An attempt to connect has failed. */
		void connectFailed(Status cause);

		/** Calls or connections have ended. */
		void progress();

	}

}
