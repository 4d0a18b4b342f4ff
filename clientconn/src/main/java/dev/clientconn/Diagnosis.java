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

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Says why there is no usable connection: what, where, for how long, the state of the
 * addresses and the last cause (style: a message an operator can act on).
 */
final class Diagnosis {

	/** More would not be read. */
	private static final int MAX_ADDRESSES = 5;

	private Diagnosis() {
	}

	/**
	 * Returns a status for a call that found no READY address.
	 * @param code the code to give
	 * @param env the ClientConn
	 * @param waitedNanos nanoseconds that the call has waited
	 * @return a status whose cause is the last connection error
	 */
	static Status noReadyConnection(Status code, CallEnv env, long waitedNanos) {
		AddrConns conns = env.control.conns();
		StringBuilder text = new StringBuilder("no ready connection to ").append(env.identity.target())
			.append(" after ")
			.append(TimeUnit.NANOSECONDS.toMillis(waitedNanos))
			.append(" ms (");
		Throwable cause = describe(text, conns);
		return code.withDescription(text.append(')').toString()).withCause(cause);
	}

	/** Returns what a call is told that may not wait because too many do. */
	static Status queueFull(CallEnv env) {
		QueueLimits limits = env.options.queueLimits;
		PendingCalls pending = env.pending();
		StringBuilder text = new StringBuilder("too many calls wait for a connection to ").append(env.identity.target())
			.append(": ")
			.append(pending.size())
			.append(" (DialOptions.queueLimits, queue.max-calls: ")
			.append(limits.maxCalls())
			.append(") with ")
			.append(pending.bytes())
			.append(" bytes (queue.max-bytes: ")
			.append(limits.maxBytes())
			.append("); ");
		Throwable cause = describe(text, env.control.conns());
		return Status.RESOURCE_EXHAUSTED.withDescription(text.toString()).withCause(cause);
	}

	/** Returns the state of the addresses and the last cause. */
	static String describe(AddrConns conns) {
		StringBuilder text = new StringBuilder();
		describe(text, conns);
		return text.toString();
	}

	/** Returns why the list, or else the first address that has, failed last. */
	static @Nullable String lastError(AddrConns conns) {
		Status listError = conns.facts().error();
		if (listError != null) {
			return "address list: " + text(listError);
		}
		for (Address address : conns.list()) {
			AddrConn addrConn = conns.find(address);
			Status reason = (addrConn != null) ? addrConn.state().reason() : null;
			if (reason != null) {
				return text(reason);
			}
		}
		return null;
	}

	private static @Nullable Throwable describe(StringBuilder text, AddrConns conns) {
		ListFacts facts = conns.facts();
		List<Address> list = conns.list();
		Throwable cause = null;
		Status listError = facts.error();
		if (listError != null) {
			text.append("address list: ").append(text(listError)).append("; ");
			cause = listError.getCause();
		}
		if (facts.version() == 0) {
			text.append("no address list yet");
			return cause;
		}
		text.append(list.size()).append((list.size() == 1) ? " address" : " addresses");
		appendDrained(text, conns.drained().all());
		String separator = ": ";
		int shown = 0;
		for (Address address : list) {
			AddrConn addrConn = conns.find(address);
			if (addrConn == null) {
				continue;
			}
			if (shown++ == MAX_ADDRESSES) {
				text.append("; and more");
				break;
			}
			Throwable failure = describe(text.append(separator), address, addrConn.state());
			cause = (failure != null) ? failure : cause;
			separator = "; ";
		}
		return cause;
	}

	private static void appendDrained(StringBuilder text, List<String> drained) {
		if (!drained.isEmpty()) {
			text.append(" and ").append(drained.size()).append(" drained by the operator (");
			text.append(String.join(", ", drained.subList(0, Math.min(MAX_ADDRESSES, drained.size()))));
			text.append((drained.size() > MAX_ADDRESSES) ? ", and more)" : ")");
		}
	}

	private static @Nullable Throwable describe(StringBuilder text, Address address, AddrConnState state) {
		text.append(address).append(' ').append(state.state());
		if (state.state() == ConnectivityState.CONNECTING) {
			text.append(" attempt ").append(state.failures() + 1);
		}
		Status reason = state.reason();
		if (reason == null) {
			return null;
		}
		text.append(", last error: ").append(text(reason));
		return reason.getCause();
	}

	private static String text(Status status) {
		String description = status.getDescription();
		return (description != null) ? description : status.getCode().toString();
	}

}
