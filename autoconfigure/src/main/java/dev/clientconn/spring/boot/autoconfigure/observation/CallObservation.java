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

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.core.instrument.binder.grpc.GrpcClientObservationContext;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Observes one call, and makes the observations of its attempts. Where Micrometer's own
 * interceptor observes the call already, as it does in channels that Spring gRPC makes,
 * that observation takes the place of ours: a call is observed once, whoever makes it.
 */
final class CallObservation extends ClientStreamTracer.Factory {

	private static final Logger logger = LoggerFactory.getLogger(CallObservation.class);

	private static final boolean MICROMETER_GRPC = ClassUtils.isPresent(
			"io.micrometer.core.instrument.binder.grpc.GrpcClientObservationContext",
			CallObservation.class.getClassLoader());

	private static final ClientStreamTracer UNOBSERVED = new ClientStreamTracer() {
	};

	private final Observations observations;

	private final ClientConnCallContext context;

	// written before the call starts

	/** Parent of attempts, {@code null} for those that nobody wants to observe. */
	private @Nullable Observation parent;

	private @Nullable Observation own;

	CallObservation(Observations observations, ClientConnCallContext context) {
		this.observations = observations;
		this.context = context;
	}

	/**
	 * Starts to observe, on the thread that starts the call.
	 * @return the observation of the call, {@code null} if it is not ours
	 */
	@Nullable Observation start() {
		Observation current = this.observations.registry().getCurrentObservation();
		if (current != null && MICROMETER_GRPC && MicrometerGrpc.observes(current, this.context.getMethod())) {
			this.parent = current;
			return null;
		}
		Observation started = this.observations.start(this.context);
		if (started.isNoop()) {
			return null;
		}
		this.parent = started;
		this.own = started;
		return started;
	}

	void ended(Status status) {
		if (this.own != null) {
			this.context.setStatus(status);
			if (!status.isOk()) {
				this.own.error(status.asException());
			}
			this.own.stop();
		}
	}

	/** Runs before the request is sent: tracing adds its context to the headers. */
	@Override
	public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
		if (this.parent == null) {
			return UNOBSERVED;
		}
		try {
			ClientConnAttemptContext attempt = new ClientConnAttemptContext(this.context, headers,
					info.getPreviousAttempts(), info.isTransparentRetry());
			return new AttemptObservation(this.observations.start(attempt, this.parent), attempt);
		}
		catch (RuntimeException ex) {
			// What observes a call must not end it.
			logger.warn("An attempt of {} is not observed", this.context.getMethod().getFullMethodName(), ex);
			return UNOBSERVED;
		}
	}

	/**
	 * Loaded only where the class it knows is present.
	 */
	private static final class MicrometerGrpc {

		static boolean observes(Observation current, MethodDescriptor<?, ?> method) {
			return current.getContextView() instanceof GrpcClientObservationContext other
					&& method.getFullMethodName().equals(other.getFullMethodName());
		}

	}

}
