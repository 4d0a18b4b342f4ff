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

import java.io.IOException;

import com.google.protobuf.util.JsonFormat;
import io.grpc.binarylog.v1.GrpcLogEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a logger each entry, as a line of JSON.
 */
final class LoggerOutput implements LogOutput {

	private final JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();

	private final Logger logger;

	LoggerOutput(String name) {
		this.logger = LoggerFactory.getLogger(name);
	}

	@Override
	public void write(GrpcLogEntry entry) throws IOException {
		if (this.logger.isInfoEnabled()) {
			this.logger.info("{}", this.printer.print(entry));
		}
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
	}

}
