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

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.clientconn.ConnectivitySnapshot.HealthCheck;
import dev.clientconn.HealthProtocol.Serving;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server of one connection for its health, for as long as calls may go there
 * (gRFC A17). A stream that ends is opened again: with backoff if there was no answer on
 * it, else at once, but no more often than once in the first delay of the backoff. Only
 * in the serial context, but for what operators read.
 */
final class HealthWatch implements HealthStream.Listener {

	private static final Status ENDED = Status.CANCELLED.withDescription("the health is of no interest any more");

	private final AddrConn addrConn;

	private final ClientTransport transport;

	private final AddrConnSettings settings;

	private final SerialExecutor serial;

	private String service = "";

	private boolean answered;

	/** Streams in a row without an answer. */
	private int failures;

	private long startNanos;

	private Scheduler.@Nullable Timer retry;

	// written in the serial context, read by any thread

	private volatile @Nullable HealthStream stream;

	/** {@code null} while nothing is asked. */
	private volatile @Nullable HealthCheck seen;

	HealthWatch(AddrConn addrConn, ClientTransport transport, AddrConnSettings settings, SerialExecutor serial) {
		this.addrConn = addrConn;
		this.transport = transport;
		this.settings = settings;
		this.serial = serial;
	}

	ClientTransport transport() {
		return this.transport;
	}

	/** For operators; any thread. */
	@Nullable HealthCheck seen() {
		return this.seen;
	}

	/** Whether it has one of the streams of the connection; any thread. */
	boolean isOpen() {
		return this.stream != null;
	}

	/**
	 * Asks for a service; what was known of another one counts until there is an answer.
	 */
	void begin(String service) {
		end();
		this.service = service;
		this.failures = 0;
		see("no answer yet");
		open();
	}

	void end() {
		endWait();
		this.seen = null;
		HealthStream current = this.stream;
		this.stream = null;
		if (current != null) {
			current.cancel(ENDED);
		}
	}

	@Override
	public void answered(HealthStream from, Serving answer) {
		if (from != this.stream) {
			return;
		}
		this.answered = true;
		this.failures = 0;
		see(answer.toString());
		if (answer == Serving.SERVING) {
			this.addrConn.connected(this.transport);
		}
		else {
			notServing("the health check says " + answer + name());
		}
	}

	@Override
	public void ended(HealthStream from, Status status) {
		if (from != this.stream) {
			return;
		}
		this.stream = null;
		if (!this.transport.isAccepting()) {
			// The connection is about to end, which it tells itself.
			return;
		}
		if (status.getCode() == Status.Code.UNIMPLEMENTED) {
			see("UNIMPLEMENTED");
			this.settings.health().unimplemented(this.addrConn);
			this.addrConn.connected(this.transport);
			return;
		}
		String text = status.getCode() + ((status.getDescription() != null) ? ": " + status.getDescription() : "");
		see(text);
		Duration delay = Duration
			.ofNanos(this.settings.pacing().backoff().delayNanos(this.answered ? 0 : this.failures++));
		openAfter(delay.minusNanos(this.settings.scheduler().nanoTime() - this.startNanos));
		notServing("the health check" + name() + " ended: " + text);
	}

	private void notServing(String what) {
		this.addrConn.notServing(this.transport,
				Status.UNAVAILABLE.withDescription(this.addrConn.address() + ": connected, but " + what));
	}

	private void open() {
		this.answered = false;
		this.startNanos = this.settings.scheduler().nanoTime();
		HealthStream next = new HealthStream(this.serial, this.settings.health().compression(), this);
		this.stream = next;
		next.open(this.transport, this.service, headers());
	}

	private void openAfter(Duration rest) {
		if (rest.isNegative() || rest.isZero()) {
			open();
			return;
		}
		this.retry = this.settings.scheduler().schedule(() -> this.serial.execute(() -> {
			if (this.retry != null) {
				endWait();
				open();
			}
		}), rest);
	}

	private void endWait() {
		if (this.retry != null) {
			this.retry.cancel();
			this.retry = null;
		}
	}

	/** What the address's requests are routed by belongs to this one too. */
	private Metadata headers() {
		Metadata headers = new Metadata();
		for (Map.Entry<String, String> header : this.addrConn.address().headers().entrySet()) {
			headers.put(Metadata.Key.of(header.getKey(), Metadata.ASCII_STRING_MARSHALLER), header.getValue());
		}
		return headers;
	}

	private String name() {
		return this.service.isEmpty() ? "" : " of " + this.service;
	}

	private void see(String status) {
		HealthCheck before = this.seen;
		if (before == null || !before.status().equals(status)) {
			this.seen = new HealthCheck(this.service, status,
					Instant.ofEpochMilli(this.settings.scheduler().currentTimeMillis()));
		}
	}

}
