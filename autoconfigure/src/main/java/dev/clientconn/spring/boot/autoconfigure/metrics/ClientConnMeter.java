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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * All meters by name. docs/observability.md explains each; a test compares the two.
 */
enum ClientConnMeter {

	ATTEMPT_STARTED("grpc.client.attempt.started", null, "Attempts of calls that have started."),

	ATTEMPT_DURATION("grpc.client.attempt.duration", null,
			"Time of an attempt from when it waits for an address to its end."),

	ATTEMPT_SENT("grpc.client.attempt.sent_total_compressed_message_size", "bytes",
			"Request messages of an attempt, compressed."),

	ATTEMPT_RECEIVED("grpc.client.attempt.rcvd_total_compressed_message_size", "bytes",
			"Response messages of an attempt, compressed."),

	ATTEMPT_DELAY("grpc.client.attempt.delay.duration", null, "Time that an attempt has waited before it was sent."),

	CALL_DELAY("grpc.client.call.delay.duration", null, "Time that a call has waited for an address list."),

	CALL_DURATION("grpc.client.call.duration", null, "Time of a call over all its attempts."),

	CALL_RETRIES("grpc.client.call.retries", null, "Retries of a call that had any."),

	CALL_TRANSPARENT_RETRIES("grpc.client.call.transparent_retries", null,
			"Transparent retries of a call that had any."),

	CALL_HEDGES("grpc.client.call.hedges", null, "Hedges of a call that had any."),

	CALL_RETRY_DELAY("grpc.client.call.retry_delay", null,
			"Time that a call was without an attempt because the next one was not due."),

	DISCONNECTIONS("grpc.subchannel.disconnections", null, "Connections that have ended."),

	CONNECTION_ATTEMPTS_SUCCEEDED("grpc.subchannel.connection_attempts_succeeded", null,
			"Attempts to connect that succeeded."),

	CONNECTION_ATTEMPTS_FAILED("grpc.subchannel.connection_attempts_failed", null, "Attempts to connect that failed."),

	OPEN_CONNECTIONS("grpc.subchannel.open_connections", null, "Connections that take calls."),

	ADDRESS_STATE("clientconn.address.state", null, "Addresses in this connectivity state: 1 or 0 for a single one."),

	ADDRESS_INFLIGHT("clientconn.address.inflight", null, "Calls open on the address."),

	STREAMS_LIMIT("clientconn.streams.limit", null,
			"Calls that the server takes at once on the connection; absent without a limit."),

	QUEUE_SIZE("clientconn.queue.size", null, "Calls that wait for an address."),

	QUEUE_WAITING("clientconn.queue.waiting", null, "Calls that wait for an address, by reason."),

	LIST_VERSION("clientconn.list.version", null, "Address lists applied since the start."),

	LIST_AGE("clientconn.list.age", "seconds", "Time since the last address list was applied.");

	private final String meterName;

	private final @Nullable String baseUnit;

	private final String description;

	ClientConnMeter(String meterName, @Nullable String baseUnit, String description) {
		this.meterName = meterName;
		this.baseUnit = baseUnit;
		this.description = description;
	}

	String meterName() {
		return this.meterName;
	}

	Counter.Builder counter() {
		return Counter.builder(this.meterName).description(this.description);
	}

	Timer.Builder timer() {
		return Timer.builder(this.meterName).description(this.description);
	}

	DistributionSummary.Builder summary() {
		return DistributionSummary.builder(this.meterName).description(this.description).baseUnit(this.baseUnit);
	}

	/** A gauge that keeps its object alive. */
	<T> Gauge.Builder<T> gauge(T object, ToDoubleFunction<T> value) {
		return Gauge.builder(this.meterName, object, value)
			.description(this.description)
			.baseUnit(this.baseUnit)
			.strongReference(true);
	}

}
