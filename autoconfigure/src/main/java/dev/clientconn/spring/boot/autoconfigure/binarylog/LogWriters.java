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
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files and loggers in use, each opened once, whichever channels share it. They stay
 * open until the application ends, also those that a refresh has replaced: calls that
 * began before still write to them.
 */
final class LogWriters implements AutoCloseable {

	/** Guarded by this. */
	private final Map<Path, FileLog> files = new HashMap<>();

	/** Guarded by this. */
	private final Map<String, LogWriter> loggers = new HashMap<>();

	/**
	 * Opens a file, or returns it with other limits: what was said last counts.
	 * @throws IllegalArgumentException if it cannot be written
	 */
	synchronized LogWriter file(Path path, FileLimits limits) {
		Path absolute = path.toAbsolutePath().normalize();
		try {
			FileLog log = this.files.get(absolute);
			if (log == null) {
				LogFile file = LogFile.open(absolute, limits);
				log = new FileLog(file, LogWriter.started("file " + absolute, file));
				this.files.put(absolute, log);
			}
			log.file.limits(limits);
			return log.writer;
		}
		catch (IOException | UncheckedIOException ex) {
			throw new IllegalArgumentException(absolute + " cannot be written: " + ex, ex);
		}
	}

	synchronized LogWriter logger(String name) {
		return this.loggers.computeIfAbsent(name, (key) -> LogWriter.started("logger " + key, new LoggerOutput(key)));
	}

	@Override
	public synchronized void close() {
		this.files.values().forEach((log) -> log.writer.close());
		this.loggers.values().forEach(LogWriter::close);
	}

	/**
	 * A file and the thread that writes it.
	 */
	private record FileLog(LogFile file, LogWriter writer) {
	}

}
