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

package dev.clientconn.spring.boot.autoconfigure.observation;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.observation.Observation;

/**
 * Has the calls of one channel observed.
 *
 * @param channel name of the channel
 * @param observations makes observations
 */
record ObservationInterceptor(String channel, Observations observations) implements ClientInterceptor {

	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
			CallOptions options, Channel next) {
		if (this.observations.registry().isNoop()) {
			return next.newCall(method, options);
		}
		CallObservation observation = new CallObservation(this.observations,
				new ClientConnCallContext(this.channel, method));
		return new ObservedCall<>(next.newCall(method, options.withStreamTracerFactory(observation)), observation);
	}

	private static final class ObservedCall<ReqT, RespT> extends SimpleForwardingClientCall<ReqT, RespT> {

		private final CallObservation observation;

		private boolean started;

		private ObservedCall(ClientCall<ReqT, RespT> call, CallObservation observation) {
			super(call);
			this.observation = observation;
		}

		@Override
		public void start(Listener<RespT> listener, Metadata headers) {
			// A second start fails, and is not a second call.
			Observation observed = this.started ? null : this.observation.start();
			this.started = true;
			if (observed == null) {
				super.start(listener, headers);
				return;
			}
			try {
				observed.scoped(() -> delegate().start(new ObservedListener<>(listener, this.observation), headers));
			}
			catch (RuntimeException | Error ex) {
				this.observation.ended(Status.fromThrowable(ex));
				throw ex;
			}
		}

	}

	private static final class ObservedListener<RespT> extends SimpleForwardingClientCallListener<RespT> {

		private final CallObservation observation;

		private ObservedListener(ClientCall.Listener<RespT> listener, CallObservation observation) {
			super(listener);
			this.observation = observation;
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			// First, so that a caller who has its response finds the span ended.
			try {
				this.observation.ended(status);
			}
			finally {
				super.onClose(status, trailers);
			}
		}

	}

}
