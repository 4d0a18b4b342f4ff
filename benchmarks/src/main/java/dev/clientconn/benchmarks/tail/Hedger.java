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

package dev.clientconn.benchmarks.tail;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.HedgingOptions;
import dev.clientconn.benchmarks.channels.GrpcNetty;
import io.grpc.ManagedChannel;

/**
 * What is compared: the same calls to the same servers, hedged or not. The fixed delay is
 * five times what a reply takes; somebody has to know that.
 */
enum Hedger {

	CLIENTCONN {
		@Override
		ManagedChannel dial(String addresses, Lateness lateness, long baseMicros) {
			return ClientConn.dial("static:" + addresses, options().build());
		}
	},

	CLIENTCONN_FIXED {
		@Override
		ManagedChannel dial(String addresses, Lateness lateness, long baseMicros) {
			return ClientConn.dial("static:" + addresses,
					options().serviceConfig(policy(lateness, baseMicros)).build());
		}
	},

	CLIENTCONN_ADAPTIVE {
		@Override
		ManagedChannel dial(String addresses, Lateness lateness, long baseMicros) {
			return ClientConn
				.dial("static:" + addresses,
						options().hedging(HedgingOptions.adaptive(lateness.maxExtraLoad)
							.maxAttempts(lateness.maxAttempts)
							.methods(SERVICE + "/Unary")).build());
		}
	},

	GRPC_NETTY {
		@Override
		ManagedChannel dial(String addresses, Lateness lateness, long baseMicros) {
			return GrpcNetty.byDefault().dial(List.of(addresses.split(","))).channel();
		}
	},

	GRPC_NETTY_FIXED {
		@Override
		ManagedChannel dial(String addresses, Lateness lateness, long baseMicros) {
			return GrpcNetty.with((builder) -> builder.defaultServiceConfig(policy(lateness, baseMicros)).enableRetry())
				.dial(List.of(addresses.split(",")))
				.channel();
		}
	};

	private static final String SERVICE = "dev.clientconn.benchmarks.Bench";

	private static final int FIXED_DELAY = 5;

	/** The channel dials all the servers, and shares the calls out in turns. */
	abstract ManagedChannel dial(String addresses, Lateness lateness, long baseMicros);

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static DialOptions.Builder options() {
		return DialOptions.builder().insecure().balancer("round_robin");
	}

	private static Map<String, Object> policy(Lateness lateness, long baseMicros) {
		String delay = String.format(Locale.ROOT, "%.6fs", FIXED_DELAY * baseMicros / 1e6);
		return Map.of("loadBalancingConfig", List.of(Map.of("round_robin", Map.of())), "methodConfig",
				List.of(Map.of("name", List.of(Map.of("service", SERVICE)), "hedgingPolicy", Map.of("maxAttempts",
						(double) lateness.maxAttempts, "hedgingDelay", delay, "nonFatalStatusCodes", List.of()))));
	}

}
