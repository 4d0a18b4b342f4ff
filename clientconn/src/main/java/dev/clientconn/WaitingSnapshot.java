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

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ConnectivitySnapshot.WaitReason;
import dev.clientconn.ConnectivitySnapshot.WaitingCall;
import dev.clientconn.ConnectivitySnapshot.WaitingCalls;
import dev.clientconn.stats.DelayReason;
import org.jspecify.annotations.Nullable;

/**
 * Makes the picture of the calls that wait, from what they publish.
 */
final class WaitingSnapshot {

	/** Calls that are shown one by one. */
	static final int SHOWN = 20;

	/** Calls that are counted by reason: a reader does not pay for more. */
	static final int COUNTED = 10_000;

	private final long nowNanos;

	private final long nowMillis;

	private final Map<DelayReason, Counted> counted = new EnumMap<>(DelayReason.class);

	private final List<WaitingCall> shown = new ArrayList<>();

	private WaitingSnapshot(CallEnv env) {
		this.nowNanos = env.scheduler().nanoTime();
		this.nowMillis = env.scheduler().currentTimeMillis();
	}

	/** Any thread. */
	static WaitingCalls of(CallEnv env) {
		PendingCalls pending = env.pending();
		WaitingSnapshot snapshot = new WaitingSnapshot(env);
		int seen = 0;
		for (Waits waits : pending.waiting()) {
			DelayReason reason = waits.reason();
			if (reason != null && !waits.call().hasEnded()) {
				snapshot.add(reason, waits);
				seen++;
			}
			if (seen == COUNTED) {
				break;
			}
		}
		return snapshot.picture(pending, (seen > 0) ? Diagnosis.lastError(env.control.conns()) : null);
	}

	private void add(DelayReason reason, Waits waits) {
		long sinceNanos = waits.sinceNanos();
		Counted of = this.counted.computeIfAbsent(reason, (first) -> new Counted(sinceNanos));
		of.calls++;
		of.oldestNanos = (sinceNanos - of.oldestNanos < 0) ? sinceNanos : of.oldestNanos;
		if (this.shown.size() < SHOWN) {
			this.shown.add(new WaitingCall(waits.call().method().getFullMethodName(), reason, instant(sinceNanos),
					instant(waits.firstNanos()), waits.listVersion(), waits.call().waitForReady()));
		}
	}

	private WaitingCalls picture(PendingCalls pending, @Nullable String lastError) {
		List<WaitReason> reasons = new ArrayList<>();
		this.counted.forEach((reason, of) -> reasons.add(new WaitReason(reason, of.calls, instant(of.oldestNanos))));
		return new WaitingCalls(pending.size(), pending.bytes(), pending.rejectedCount(), lastError, reasons,
				this.shown);
	}

	private Instant instant(long nanos) {
		return Instant.ofEpochMilli(this.nowMillis - TimeUnit.NANOSECONDS.toMillis(this.nowNanos - nanos));
	}

	/**
	 * The calls with one reason.
	 */
	private static final class Counted {

		private int calls;

		private long oldestNanos;

		private Counted(long oldestNanos) {
			this.oldestNanos = oldestNanos;
		}

	}

}
