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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What calls do unless they say otherwise.
 */
public class CallProperties {

	/**
	 * Deadline of calls that set none of their own.
	 */
	private @Nullable Duration deadline;

	/**
	 * Whether calls wait for a connection that is ready, in place of failing at once.
	 */
	private @Nullable Boolean waitForReady;

	/**
	 * Name of the compressor of requests, such as 'gzip' or that of a Compressor bean.
	 */
	private @Nullable String compression;

	/**
	 * How messages become bytes: 'proto', 'json' (protobuf messages as JSON, content-type
	 * 'application/grpc+json'), or the name of a Codec bean.
	 */
	private @Nullable String codec;

	/**
	 * Headers to send with every call that does not set them itself. A channel adds to
	 * the defaults.
	 */
	private final Map<String, String> metadata = new LinkedHashMap<>();

	public @Nullable Duration getDeadline() {
		return this.deadline;
	}

	public void setDeadline(@Nullable Duration deadline) {
		this.deadline = deadline;
	}

	public @Nullable Boolean getWaitForReady() {
		return this.waitForReady;
	}

	public void setWaitForReady(@Nullable Boolean waitForReady) {
		this.waitForReady = waitForReady;
	}

	public @Nullable String getCompression() {
		return this.compression;
	}

	public void setCompression(@Nullable String compression) {
		this.compression = compression;
	}

	public @Nullable String getCodec() {
		return this.codec;
	}

	public void setCodec(@Nullable String codec) {
		this.codec = codec;
	}

	public Map<String, String> getMetadata() {
		return this.metadata;
	}

}
