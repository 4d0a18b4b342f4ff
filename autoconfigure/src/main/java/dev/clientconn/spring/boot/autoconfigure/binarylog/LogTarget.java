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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.Setting;

import org.springframework.util.unit.DataSize;

/**
 * Where the log of a channel goes.
 *
 * @param enabled whether there is one
 * @param file the file, without a value for none
 * @param maxFileSize size at which it is renamed
 * @param maxHistory how many renamed ones are kept
 * @param logger name of the logger, without a value for none
 */
record LogTarget(Setting<Boolean> enabled, Setting<Path> file, Setting<DataSize> maxFileSize,
		Setting<Integer> maxHistory, Setting<String> logger) {

	private static final DataSize DEFAULT_MAX_FILE_SIZE = DataSize.ofMegabytes(10);

	private static final int DEFAULT_MAX_HISTORY = 7;

	static LogTarget of(ChannelSettings settings) {
		return new LogTarget(settings.get("binary-log.enabled", (p) -> p.getBinaryLog().getEnabled()),
				settings.get("binary-log.file", (p) -> p.getBinaryLog().getFile()),
				settings.get("binary-log.max-file-size", (p) -> p.getBinaryLog().getMaxFileSize()),
				settings.get("binary-log.max-history", (p) -> p.getBinaryLog().getMaxHistory()),
				settings.get("binary-log.logger", (p) -> p.getBinaryLog().getLogger()));
	}

	boolean isEnabled() {
		return this.enabled.orElse(false);
	}

	/**
	 * Opens file and logger.
	 * @throws RuntimeException if one of the settings cannot be used; the failure
	 * analysis names the property
	 */
	List<LogWriter> open(LogWriters writers) {
		List<LogWriter> sinks = new ArrayList<>();
		FileLimits limits = limits();
		this.logger.to((name) -> sinks.add(writers.logger(name)));
		this.file.to((path) -> sinks.add(writers.file(path, limits)));
		if (sinks.isEmpty()) {
			this.enabled.to((on) -> {
				throw new IllegalArgumentException("nowhere to log to (set 'file' or 'logger' next to it, or both)");
			});
		}
		return sinks;
	}

	private FileLimits limits() {
		long[] bytes = { DEFAULT_MAX_FILE_SIZE.toBytes() };
		int[] history = { DEFAULT_MAX_HISTORY };
		this.maxFileSize.to((size) -> bytes[0] = FileLimits.requirePositive(size.toBytes()));
		this.maxHistory.to((files) -> history[0] = FileLimits.requireNotNegative(files));
		return new FileLimits(bytes[0], history[0]);
	}

}
