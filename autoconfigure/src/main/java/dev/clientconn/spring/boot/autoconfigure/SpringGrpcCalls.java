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

package dev.clientconn.spring.boot.autoconfigure;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/**
 * Keeps Spring gRPC's global interceptors from seeing a call twice: stubs that Spring
 * gRPC makes have them already, calls on a {@code ClientConn} bean get them from us. Safe
 * for use from any thread.
 *
 * @since 0.1.0
 */
public final class SpringGrpcCalls {

	private static final CallOptions.Key<Boolean> INTERCEPTED = CallOptions.Key
		.createWithDefault("clientconn-spring-grpc-intercepted", false);

	private SpringGrpcCalls() {
	}

	/**
	 * Marks a call that Spring gRPC's global interceptors have seen.
	 * @param options the options of the call
	 * @return the options with the mark
	 */
	public static CallOptions intercepted(CallOptions options) {
		return options.withOption(INTERCEPTED, true);
	}

	/** Returns an interceptor that sees all calls but the marked ones. */
	static ClientInterceptor others(ClientInterceptor interceptor) {
		return new Others(interceptor);
	}

	private record Others(ClientInterceptor interceptor) implements ClientInterceptor {

		@Override
		public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
				CallOptions options, Channel next) {
			return options.getOption(INTERCEPTED) ? next.newCall(method, options)
					: this.interceptor.interceptCall(method, options, next);
		}

	}

}
