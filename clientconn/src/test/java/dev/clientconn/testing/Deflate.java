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

package dev.clientconn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

import io.grpc.Codec;

/**
 * A compression that nobody has unless it is added (RFC 1950, what HTTP calls "deflate").
 *
 * @param name what it is called
 */
public record Deflate(String name) implements Codec {

	/** By its usual name. */
	public Deflate() {
		this("deflate");
	}

	@Override
	public String getMessageEncoding() {
		return this.name;
	}

	@Override
	public OutputStream compress(OutputStream out) {
		return new DeflaterOutputStream(out);
	}

	@Override
	public InputStream decompress(InputStream in) throws IOException {
		return new InflaterInputStream(in);
	}

}
