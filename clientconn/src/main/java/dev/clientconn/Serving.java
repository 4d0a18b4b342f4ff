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

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor.MethodType;

/**
 * Where calls go between two updates; published as a whole, so that a call sees the
 * options of one update and no mixture.
 *
 * @param generation the addresses
 * @param env what calls share
 * @param unaryCalls makes unary calls, through their interceptors
 * @param streamCalls makes all others, through theirs
 */
record Serving(Generation generation, CallEnv env, Channel unaryCalls, Channel streamCalls) {

	static Serving of(Generation generation, CallEnv env) {
		Channel calls = new Calls(env);
		return new Serving(generation, env, ClientInterceptors.interceptForward(calls, env.options.unaryInterceptors),
				ClientInterceptors.interceptForward(calls, env.options.streamInterceptors));
	}

	Channel calls(MethodType type) {
		return (type == MethodType.UNARY) ? this.unaryCalls : this.streamCalls;
	}

}
