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

package dev.clientconn.balancer;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.clientconn.balancer.MemberList.Member;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sends all calls to one address: the first that becomes READY (gRFC A61).
 * <p>
 * A {@linkplain ConnectPass pass} connects the addresses from the top of the list, IP
 * families in turn. The first READY one is chosen and the others go IDLE. When all have
 * failed, the list is asked for and each address goes on trying with its own backoff.
 * When the chosen one is lost, a new pass starts from the top. After the ClientConn went
 * idle nothing connects until a call asks. A chosen address that a new list dropped keeps
 * serving, where the ClientConn lets it, until its successor is READY. There is one
 * connection, so a retry goes to the address that the call has used.
 */
final class PickFirst implements Balancer {

	// Only in the serial context.

	private @Nullable BalancerConfig config;

	private @Nullable Resolution resolution;

	private boolean closed;

	private final MemberList members = new MemberList();

	private @Nullable Member chosen;

	/** Was chosen until a moment ago; its next state says what to do about it. */
	private @Nullable Member lost;

	private @Nullable ConnectPass pass;

	/** Failures since the list was last asked for. */
	private int failures;

	// Read by RPC threads.

	/** Only a call starts the next pass. */
	private final AtomicBoolean asleep = new AtomicBoolean();

	private volatile Pick pick = Pick.queue();

	@Override
	public void start(String target, BalancerConfig config, AddressListener listener) {
		this.config = config;
		this.resolution = config.resolution().apply(new ListRelay(listener, config.serial(), this::listChanged));
	}

	@Override
	public boolean connectsAll() {
		return false;
	}

	/** By gRFC A17. */
	@Override
	public boolean checksHealth() {
		return false;
	}

	@Override
	public Pick get(PickOptions options) {
		Pick pick = this.pick;
		if (pick.address() == null && this.asleep.get() && this.asleep.compareAndSet(true, false)) {
			config().serial().execute(this::startPassIfQuiet);
		}
		return pick;
	}

	@Override
	public @Nullable Down up(Address address) {
		Member member = this.members.find(address);
		if (this.closed || member == null || member.idleAsked) {
			return null;
		}
		if (this.chosen != null && this.members.contains(this.chosen)) {
			release(member);
			return null;
		}
		if (this.chosen != null) {
			release(this.chosen);
		}
		this.chosen = member;
		this.pick = Pick.of(member.address);
		settle();
		return (reason, temporary) -> down(member);
	}

	@Override
	public void stateChanged(Address address, ConnectivityState state, Status cause) {
		Member member = this.members.find(address);
		if (this.closed || member == null) {
			return;
		}
		member.state = state;
		boolean wasLost = member == this.lost;
		this.lost = null;
		switch (state) {
			case IDLE -> idled(member);
			case TRANSIENT_FAILURE -> failed(member);
			// A list without it is on its way; in one that has it, it is a new one.
			case SHUTDOWN -> this.members.forget(member);
			case CONNECTING, READY -> {
			}
		}
		if (wasLost && (state == ConnectivityState.CONNECTING || state == ConnectivityState.TRANSIENT_FAILURE)) {
			startPass();
		}
	}

	@Override
	public void refresh() {
		this.failures = 0;
		if (this.resolution != null) {
			this.resolution.refresh();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		endPass();
		this.asleep.set(false);
		this.chosen = null;
		this.pick = Pick.queue();
		this.members.clear();
		if (this.resolution != null) {
			this.resolution.close();
		}
	}

	private void down(Member member) {
		if (member == this.chosen) {
			this.chosen = null;
			this.lost = member;
			this.pick = Pick.queue();
		}
	}

	private void idled(Member member) {
		if (member.idleAsked) {
			member.idleAsked = false;
			startPassIfQuiet();
		}
		else if (this.chosen == null) {
			// Nobody here asked for it: the ClientConn went idle.
			endPass();
			this.asleep.set(true);
		}
	}

	private void failed(Member member) {
		this.failures++;
		if (this.pass != null) {
			this.pass.failed(member);
		}
		else if (this.chosen == null && this.failures >= this.members.order().size()) {
			refresh();
		}
	}

	private void listChanged(List<Address> list) {
		if (this.closed) {
			return;
		}
		boolean changed = this.members.update(list, this.chosen);
		if (this.chosen != null && this.members.contains(this.chosen)) {
			this.pick = Pick.of(this.chosen.address);
			settle();
		}
		else if (changed && !this.asleep.get()) {
			startPass();
		}
	}

	private void startPassIfQuiet() {
		if (this.chosen == null && this.pass == null && !this.asleep.get()) {
			startPass();
		}
	}

	private void startPass() {
		endPass();
		if (!this.closed && !this.members.order().isEmpty()) {
			this.pass = new ConnectPass(this.members.order(), config(), this::passFailed);
			this.pass.startNext();
		}
	}

	private void passFailed() {
		this.pass = null;
		// Not if all were in backoff already: a refresh that changes nothing must end
		// here.
		if (this.failures > 0) {
			refresh();
		}
	}

	private void settle() {
		endPass();
		for (Member member : this.members.order()) {
			if (member != this.chosen) {
				release(member);
			}
		}
	}

	private void release(Member member) {
		if (!member.isIdleOrWillBe()) {
			member.idleAsked = true;
			config().control().idle(member.address);
		}
	}

	private void endPass() {
		if (this.pass != null) {
			this.pass.end();
			this.pass = null;
		}
	}

	private BalancerConfig config() {
		return Objects.requireNonNull(this.config, "config");
	}

}
