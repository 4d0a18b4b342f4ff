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

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Log of calls in gRPC's own binary format.
 */
public class BinaryLogProperties {

	/**
	 * Whether calls are logged.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Methods whose calls are logged: '*', 'pkg.Service/*' or 'pkg.Service/Method', and
	 * '-pkg.Service/Method' for one that is not. All unless set.
	 */
	private @Nullable List<String> methods;

	/**
	 * File to append entries to, each a protobuf message after its length.
	 */
	private @Nullable Path file;

	/**
	 * Size at which the file is renamed and a new one begun.
	 */
	private @Nullable DataSize maxFileSize;

	/**
	 * Number of renamed files to keep, the newest has the suffix '.1'.
	 */
	private @Nullable Integer maxHistory;

	/**
	 * Name of the logger that is told each entry as one line of JSON, at level INFO.
	 */
	private @Nullable String logger;

	/**
	 * Bytes of names and values to log of the headers of a call, of its response headers
	 * and of its trailers; what goes beyond is left out. Unlimited unless set.
	 */
	private @Nullable DataSize maxHeaderBytes;

	/**
	 * Bytes to log of each message; 0 logs only how long it was. Unlimited unless set.
	 */
	private @Nullable DataSize maxMessageBytes;

	/**
	 * Names of headers whose values are not logged, besides 'authorization',
	 * 'proxy-authorization', 'cookie' and 'set-cookie'.
	 */
	private @Nullable List<String> redactHeaders;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable List<String> getMethods() {
		return this.methods;
	}

	public void setMethods(@Nullable List<String> methods) {
		this.methods = methods;
	}

	public @Nullable Path getFile() {
		return this.file;
	}

	public void setFile(@Nullable Path file) {
		this.file = file;
	}

	public @Nullable DataSize getMaxFileSize() {
		return this.maxFileSize;
	}

	public void setMaxFileSize(@Nullable DataSize maxFileSize) {
		this.maxFileSize = maxFileSize;
	}

	public @Nullable Integer getMaxHistory() {
		return this.maxHistory;
	}

	public void setMaxHistory(@Nullable Integer maxHistory) {
		this.maxHistory = maxHistory;
	}

	public @Nullable String getLogger() {
		return this.logger;
	}

	public void setLogger(@Nullable String logger) {
		this.logger = logger;
	}

	public @Nullable DataSize getMaxHeaderBytes() {
		return this.maxHeaderBytes;
	}

	public void setMaxHeaderBytes(@Nullable DataSize maxHeaderBytes) {
		this.maxHeaderBytes = maxHeaderBytes;
	}

	public @Nullable DataSize getMaxMessageBytes() {
		return this.maxMessageBytes;
	}

	public void setMaxMessageBytes(@Nullable DataSize maxMessageBytes) {
		this.maxMessageBytes = maxMessageBytes;
	}

	public @Nullable List<String> getRedactHeaders() {
		return this.redactHeaders;
	}

	public void setRedactHeaders(@Nullable List<String> redactHeaders) {
		this.redactHeaders = redactHeaders;
	}

}
