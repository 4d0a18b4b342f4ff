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

package dev.clientconn.benchmarks.compare;

import java.util.EnumMap;
import java.util.Map;

/**
 * The ratios that ClientConn is to reach, by workload and arm. What has no entry has no
 * goal.
 *
 * @param cpu of CPU per operation; NaN without a goal
 * @param bytes of bytes per operation, allocated or held; NaN without a goal
 * @param p50 of the median latency; NaN without a goal
 */
record Goal(double cpu, double bytes, double p50) {

	static final Goal NONE = new Goal(Double.NaN, Double.NaN, Double.NaN);

	private static final Map<WorkloadType, Goal> DEFAULT = new EnumMap<>(WorkloadType.class);

	private static final Map<WorkloadType, Goal> DIRECT = new EnumMap<>(WorkloadType.class);

	static {
		both(WorkloadType.UNARY_ASYNC_64, cost(0.20, 0.38), cost(0.35, 0.38));
		both(WorkloadType.UNARY_ASYNC_512, cost(0.20, 0.38), cost(0.35, 0.38));
		both(WorkloadType.UNARY_DEADLINE_64, cost(0.20, 0.38), cost(0.35, 0.38));
		both(WorkloadType.UNARY_METADATA_64, cost(0.25, 0.42), cost(0.42, 0.42));
		both(WorkloadType.UNARY_BLOCKING_1, new Goal(0.75, 0.36, 0.95), cost(0.80, 0.36));
		both(WorkloadType.UNARY_BLOCKING_64, cost(0.42, 0.38), cost(0.42, 0.38));
		both(WorkloadType.UNARY_BLOCKING_256_VIRTUAL, cost(0.35, 0.38), cost(0.38, 0.38));
		both(WorkloadType.SERVER_STREAM_100B, cost(0.07, 0.55), cost(0.55, 0.60));
		both(WorkloadType.SERVER_STREAM_64KIB, cost(0.55, 1.00), cost(1.00, 1.00));
		both(WorkloadType.CLIENT_STREAM_100B, cost(0.30, 0.40), cost(0.30, 0.40));
		both(WorkloadType.BIDI_PING_PONG_1, cost(0.95, 0.58), cost(0.90, 0.60));
		both(WorkloadType.BIDI_PING_PONG_64, cost(0.20, 0.58), cost(0.50, 0.60));
		both(WorkloadType.ROUND_ROBIN_10, cost(0.22, 0.38), cost(0.42, 0.38));
		both(WorkloadType.ROUND_ROBIN_100, cost(0.32, 0.38), cost(0.45, 0.38));
		both(WorkloadType.COLD_CONNECT, new Goal(0.50, 0.45, 0.60));
		both(WorkloadType.REPLACE_ONE_1000, cost(0.15, 0.05));
		both(WorkloadType.SAME_LIST_1000, cost(0.05, 0.02));
		both(WorkloadType.HEAP_PER_ADDRESS_1000, cost(Double.NaN, 0.68));
		both(WorkloadType.HEAP_UNUSED_100, cost(Double.NaN, 0.50));
		both(WorkloadType.HEAP_CONNECTED_100, cost(Double.NaN, 0.60));
		both(WorkloadType.FRESH_JVM, cost(0.88, Double.NaN));
	}

	static Goal of(WorkloadType workload, Arm arm) {
		return switch (arm) {
			case CLIENTCONN, CLIENTCONN_NIO -> DEFAULT.getOrDefault(workload, NONE);
			case CLIENTCONN_DIRECT -> DIRECT.getOrDefault(workload, NONE);
			default -> NONE;
		};
	}

	private static Goal cost(double cpu, double bytes) {
		return new Goal(cpu, bytes, Double.NaN);
	}

	private static void both(WorkloadType workload, Goal byDefault, Goal direct) {
		DEFAULT.put(workload, byDefault);
		DIRECT.put(workload, direct);
	}

	private static void both(WorkloadType workload, Goal goal) {
		both(workload, goal, goal);
	}

}
