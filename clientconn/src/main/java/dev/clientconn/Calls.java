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

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.serviceconfig.ServiceConfig;
import io.grpc.BinaryLog;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls: the innermost channel, below the interceptors. Messages are bytes from
 * here on, so the binary log is below the codec; it is above the attempts, so a call is
 * logged once.
 */
final class Calls extends Channel {

	private final CallEnv env;

	private final CallPolicies policies;

	/** Those that are in use; there once a call has one. */
	private volatile @Nullable ConcurrentMap<Codec, CodecMethods> codecs;

	private final @Nullable Channel logged;

	Calls(CallEnv env) {
		this.env = env;
		this.policies = new CallPolicies(env);
		BinaryLog log = env.options.binaryLog;
		this.logged = (log != null) ? log.wrapChannel(new Unlogged()) : null;
	}

	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(MethodDescriptor<ReqT, RespT> method, CallOptions options) {
		Codec codec = this.env.codec(options);
		MethodDescriptor<ReqT, RespT> coded = (codec != null)
				? codecs().computeIfAbsent(codec, CodecMethods::new).of(method) : method;
		return (this.logged != null) ? this.logged.newCall(coded, options) : call(coded, options);
	}

	@Override
	public String authority() {
		return this.env.identity.authority();
	}

	private <ReqT, RespT> ClientCall<ReqT, RespT> call(MethodDescriptor<ReqT, RespT> method, CallOptions options) {
		ServiceConfig config = this.env.serviceConfig;
		MethodConfig ofMethod = config.forMethod(method.getFullMethodName());
		CallPolicy policy = this.policies.of(method, options, ofMethod);
		if (policy == null) {
			return new ClientConnCall<>(this.env, method, options, ofMethod);
		}
		return new RetriableCall<>(this.env, method, options, ofMethod, this.policies.plan(policy, config));
	}

	/** Threads that race here may make two: what the map holds is made again then. */
	private ConcurrentMap<Codec, CodecMethods> codecs() {
		ConcurrentMap<Codec, CodecMethods> known = this.codecs;
		if (known == null) {
			known = new ConcurrentHashMap<>();
			this.codecs = known;
		}
		return known;
	}

	/**
	 * Below the binary log.
	 */
	private final class Unlogged extends Channel {

		@Override
		public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(MethodDescriptor<ReqT, RespT> method,
				CallOptions options) {
			return call(method, options);
		}

		@Override
		public String authority() {
			return Calls.this.authority();
		}

	}

}
