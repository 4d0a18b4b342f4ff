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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import java.util.List;
import java.util.Set;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.binarylog.v1.GrpcLogEntry;
import io.grpc.binarylog.v1.Metadata;
import io.grpc.binarylog.v1.MetadataEntry;
import io.grpc.protobuf.services.BinaryLogSink;

/**
 * Takes the entries that grpc-services makes, and hands them on without secrets and
 * without what gRPC itself has put into headers, which the format does not want.
 */
final class RedactingSink implements BinaryLogSink {

	static final ByteString REDACTED = ByteString.copyFromUtf8("[redacted]");

	/** Belong to the transport; those that begin with {@code grpc-} do too. */
	private static final Set<String> TRANSPORT = Set.of("content-type", "te", "user-agent");

	private final Set<String> redacted;

	private final List<LogWriter> writers;

	RedactingSink(Set<String> redacted, List<LogWriter> writers) {
		this.redacted = redacted;
		this.writers = List.copyOf(writers);
	}

	@Override
	public void write(MessageLite message) {
		GrpcLogEntry entry = redact((GrpcLogEntry) message);
		this.writers.forEach((writer) -> writer.write(entry));
	}

	/** The writers are shared; {@link LogWriters} closes them. */
	@Override
	public void close() {
	}

	GrpcLogEntry redact(GrpcLogEntry entry) {
		return switch (entry.getPayloadCase()) {
			case CLIENT_HEADER -> {
				GrpcLogEntry.Builder copy = entry.toBuilder();
				copy.getClientHeaderBuilder().setMetadata(redact(entry.getClientHeader().getMetadata()));
				yield copy.build();
			}
			case SERVER_HEADER -> {
				GrpcLogEntry.Builder copy = entry.toBuilder();
				copy.getServerHeaderBuilder().setMetadata(redact(entry.getServerHeader().getMetadata()));
				yield copy.build();
			}
			case TRAILER -> {
				GrpcLogEntry.Builder copy = entry.toBuilder();
				copy.getTrailerBuilder().setMetadata(redact(entry.getTrailer().getMetadata()));
				yield copy.build();
			}
			default -> entry;
		};
	}

	private Metadata redact(Metadata metadata) {
		Metadata.Builder copy = Metadata.newBuilder();
		for (MetadataEntry entry : metadata.getEntryList()) {
			if (this.redacted.contains(entry.getKey())) {
				copy.addEntry(entry.toBuilder().setValue(REDACTED));
			}
			else if (!isOfTransport(entry.getKey())) {
				copy.addEntry(entry);
			}
		}
		return copy.build();
	}

	private static boolean isOfTransport(String name) {
		return TRANSPORT.contains(name) || (name.startsWith("grpc-") && !name.equals("grpc-trace-bin"));
	}

}
