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

import java.time.Duration;
import java.util.List;

import dev.clientconn.balancer.MemberList.Member;
import dev.clientconn.time.Scheduler;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

/**
 * One walk down a list that connects its addresses one after the other until one is READY
 * or all have failed ("Happy Eyeballs", RFC 8305). Used only in the serial context.
 */
final class ConnectPass {

	/**
	 * Head start of an address over the next: the recommended delay of RFC 8305 section
	 * 5.
	 */
	static final Duration HEAD_START = Duration.ofMillis(250);

	private final List<Member> order;

	private final BalancerConfig config;

	private final Runnable onFailed;

	/** How many addresses have been started. */
	private int started;

	private boolean over;

	private Scheduler.@Nullable Timer headStart;

	/**
	 * Creates a pass that has not been started.
	 * @param order the addresses, not empty
	 * @param config time, the serial queue, and how to connect
	 * @param onFailed runs once when all have failed
	 */
	ConnectPass(List<Member> order, BalancerConfig config, Runnable onFailed) {
		this.order = order;
		this.config = config;
		this.onFailed = onFailed;
	}

	/**
	 * Starts the next address that is not in backoff; those that are count as failed.
	 */
	void startNext() {
		cancelHeadStart();
		while (this.started < this.order.size()) {
			Member member = this.order.get(this.started++);
			member.failed = member.state == ConnectivityState.TRANSIENT_FAILURE && !member.idleAsked;
			if (!member.failed) {
				if (member.isIdleOrWillBe()) {
					this.config.control().connect(member.address);
				}
				giveHeadStart();
				return;
			}
		}
		endIfAllFailed();
	}

	/**
	 * Tells that an address has failed.
	 * @param member one of the list, started or not
	 */
	void failed(Member member) {
		member.failed = true;
		if (this.order.get(this.started - 1) == member) {
			startNext();
		}
		else {
			endIfAllFailed();
		}
	}

	/**
	 * Gives the pass up.
	 */
	void end() {
		this.over = true;
		cancelHeadStart();
	}

	private void giveHeadStart() {
		if (this.started < this.order.size()) {
			int started = this.started;
			this.headStart = this.config.scheduler()
				.schedule(() -> this.config.serial().execute(() -> headStartOver(started)), HEAD_START);
		}
	}

	private void headStartOver(int started) {
		if (!this.over && started == this.started) {
			startNext();
		}
	}

	private void endIfAllFailed() {
		if (this.started == this.order.size() && this.order.stream().allMatch((member) -> member.failed)) {
			end();
			this.onFailed.run();
		}
	}

	private void cancelHeadStart() {
		if (this.headStart != null) {
			this.headStart.cancel();
			this.headStart = null;
		}
	}

}
