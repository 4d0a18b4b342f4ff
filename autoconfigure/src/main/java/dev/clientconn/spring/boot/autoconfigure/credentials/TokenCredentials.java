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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * Adds the current token to each call. As an interceptor it also hears how calls end: one
 * that the server ends with UNAUTHENTICATED makes the cache forget the token it carried.
 */
final class TokenCredentials extends CallCredentials implements ClientInterceptor {

	private static final CallOptions.Key<AtomicReference<Token>> CARRIED = CallOptions.Key
		.create("clientconn-carried-token");

	private final TokenCache cache;

	TokenCredentials(TokenCache cache) {
		this.cache = cache;
	}

	@Override
	public void applyRequestMetadata(RequestInfo requestInfo, Executor appExecutor, MetadataApplier applier) {
		AtomicReference<Token> carried = requestInfo.getCallOptions().getOption(CARRIED);
		Token fresh = this.cache.fresh();
		if (fresh != null) {
			apply(fresh, carried, applier);
			return;
		}
		this.cache.next().whenComplete((token, failure) -> {
			if (token != null) {
				apply(token, carried, applier);
			}
			else {
				applier.fail(Status
					.fromThrowable((failure instanceof CompletionException wrapper) ? wrapper.getCause() : failure));
			}
		});
	}

	private static void apply(Token token, AtomicReference<Token> carried, MetadataApplier applier) {
		if (carried != null) {
			carried.set(token);
		}
		applier.apply(token.headers());
	}

	@Override
	public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
		AtomicReference<Token> carried = new AtomicReference<>();
		return new SimpleForwardingClientCall<>(next.newCall(method, options.withOption(CARRIED, carried))) {

			@Override
			public void start(Listener<R> listener, Metadata headers) {
				super.start(new SimpleForwardingClientCallListener<>(listener) {

					@Override
					public void onClose(Status status, Metadata trailers) {
						Token token = carried.get();
						if (token != null && status.getCode() == Status.Code.UNAUTHENTICATED) {
							TokenCredentials.this.cache.rejected(token);
						}
						super.onClose(status, trailers);
					}

				}, headers);
			}

		};
	}

}
