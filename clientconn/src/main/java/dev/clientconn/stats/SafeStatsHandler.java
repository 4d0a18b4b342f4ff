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

package dev.clientconn.stats;

import java.util.List;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Tells several handlers, and keeps what they throw away from the engine.
 */
final class SafeStatsHandler implements StatsHandler {

	private final StatsHandler[] handlers;

	SafeStatsHandler(List<StatsHandler> handlers) {
		this.handlers = handlers.toArray(StatsHandler[]::new);
	}

	@Override
	public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
			Status cause) {
		tellEach((handler) -> handler.stateChanged(target, address, from, to, cause));
	}

	@Override
	public void connectFinished(String target, Address address, long durationNanos, Status outcome) {
		tellEach((handler) -> handler.connectFinished(target, address, durationNanos, outcome));
	}

	@Override
	public void connectionReady(String target, Address address, SecurityLevel security) {
		tellEach((handler) -> handler.connectionReady(target, address, security));
	}

	@Override
	public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
		tellEach((handler) -> handler.connectionEnded(target, address, lifetimeNanos, reason));
	}

	@Override
	public void goAwayReceived(String target, Address address, Status reason) {
		tellEach((handler) -> handler.goAwayReceived(target, address, reason));
	}

	@Override
	public void listApplied(String target, long version, List<Address> addresses) {
		tellEach((handler) -> handler.listApplied(target, version, addresses));
	}

	@Override
	public @Nullable RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
		SafeRpcStats first = null;
		SafeRpcStats last = null;
		for (StatsHandler handler : this.handlers) {
			SafeRpcStats stats = rpcStarted(handler, target, method);
			if (stats == null) {
				continue;
			}
			if (last == null) {
				first = stats;
			}
			else {
				last.append(stats);
			}
			last = stats;
		}
		return first;
	}

	private static @Nullable SafeRpcStats rpcStarted(StatsHandler handler, String target,
			MethodDescriptor<?, ?> method) {
		try {
			RpcStats stats = handler.rpcStarted(target, method);
			return (stats != null) ? new SafeRpcStats(stats) : null;
		}
		catch (Throwable ex) {
			StatsFailures.log(handler, ex);
			return null;
		}
	}

	private void tellEach(Consumer<StatsHandler> event) {
		for (StatsHandler handler : this.handlers) {
			try {
				event.accept(handler);
			}
			catch (Throwable ex) {
				StatsFailures.log(handler, ex);
			}
		}
	}

}
