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

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.micrometer.observation.Observation;

/**
 * Writes to the observation of one attempt what happens to it. The engine calls it in
 * order, by one thread at a time.
 */
final class AttemptObservation extends ClientStreamTracer {

	/** Of each direction: a stream without end must not make a span without end. */
	static final int MAX_MESSAGE_EVENTS = 64;

	private final Observation observation;

	private final ClientConnAttemptContext context;

	AttemptObservation(Observation observation, ClientConnAttemptContext context) {
		this.observation = observation;
		this.context = context;
	}

	@Override
	public void streamCreated(Attributes transport, Metadata headers) {
		this.context.setPeer(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
	}

	@Override
	public void outboundMessageSent(int sequence, long wireBytes, long plainBytes) {
		message("sent", "Outbound message", sequence, plainBytes);
	}

	@Override
	public void inboundMessageRead(int sequence, long wireBytes, long plainBytes) {
		message("received", "Inbound message", sequence, (plainBytes >= 0) ? plainBytes : wireBytes);
	}

	@Override
	public void streamClosed(Status status) {
		this.context.setStatus(status);
		if (!status.isOk()) {
			this.observation.error(status.asException());
		}
		this.observation.stop();
	}

	/** Events of Micrometer have no attributes: those of gRFC A72 go into the name. */
	private void message(String name, String what, int sequence, long bytes) {
		if (sequence < MAX_MESSAGE_EVENTS) {
			this.observation
				.event(Observation.Event.of(name, what + ", sequence-number " + sequence + ", message-size " + bytes));
		}
	}

}
