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

import io.grpc.binarylog.v1.GrpcLogEntry;

/**
 * What takes entries in the end; only used by the thread of its {@link LogWriter}.
 */
interface LogOutput {

	void write(GrpcLogEntry entry) throws IOException;

	/** Called when no entry waits. */
	void flush() throws IOException;

	void close() throws IOException;

}
