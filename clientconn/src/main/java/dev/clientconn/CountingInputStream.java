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

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import io.grpc.Status;

/**
 * Counts what decompression yields, and stops at the size limit of messages.
 */
final class CountingInputStream extends FilterInputStream {

	private final int maxBytes;

	private long count;

	CountingInputStream(InputStream in, int maxBytes) {
		super(in);
		this.maxBytes = maxBytes;
	}

	long count() {
		return this.count;
	}

	@Override
	public int read() throws IOException {
		int read = this.in.read();
		counted((read >= 0) ? 1 : 0);
		return read;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		int read = this.in.read(target, offset, length);
		counted(Math.max(0, read));
		return read;
	}

	@Override
	public long skip(long bytes) throws IOException {
		long skipped = this.in.skip(bytes);
		counted(skipped);
		return skipped;
	}

	@Override
	public boolean markSupported() {
		return false;
	}

	private void counted(long bytes) {
		this.count += bytes;
		if (this.count > this.maxBytes) {
			throw Status.RESOURCE_EXHAUSTED
				.withDescription("decompressed gRPC message exceeds maximum size " + this.maxBytes
						+ " (DialOptions.maxInboundMessageSize)")
				.asRuntimeException();
		}
	}

}
