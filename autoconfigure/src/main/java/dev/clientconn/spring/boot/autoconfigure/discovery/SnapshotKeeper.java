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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.discovery.SnapshotFile.Saved;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the snapshot before the first look-up and writes it after those that bring
 * something new. A file that cannot be read or written costs a log line, nothing else.
 * Its methods block, but for {@link #loaded()}.
 */
final class SnapshotKeeper {

	private static final Logger logger = LoggerFactory.getLogger(SnapshotKeeper.class);

	private final String target;

	private final @Nullable SnapshotFile file;

	private volatile boolean read;

	private volatile @Nullable Saved loaded;

	private @Nullable List<Address> written;

	private boolean failing;

	/**
	 * Creates a keeper.
	 * @param target the target, for log lines
	 * @param file the file, {@code null} not to keep anything
	 */
	SnapshotKeeper(String target, @Nullable SnapshotFile file) {
		this.target = target;
		this.file = file;
	}

	/** Reads the file, the first time. */
	void load() {
		if (this.file == null || this.read) {
			return;
		}
		try {
			this.loaded = this.file.read();
		}
		catch (IOException ex) {
			logger.warn("{} - the snapshot of its addresses cannot be read: {}", this.target, ex.toString());
		}
		this.read = true;
	}

	/** Returns what was read, {@code null} if there was nothing. Any thread. */
	@Nullable Saved loaded() {
		return this.loaded;
	}

	/** Writes addresses, unless they were written last. Only after look-ups. */
	void save(List<Address> addresses, Instant now) {
		if (this.file == null || addresses.equals(this.written)) {
			return;
		}
		try {
			this.file.write(new Saved(now, addresses));
			this.written = addresses;
			this.failing = false;
		}
		catch (IOException ex) {
			if (!this.failing) {
				logger.warn("{} - the snapshot of its addresses cannot be written: {}", this.target, ex.toString());
			}
			this.failing = true;
		}
	}

}
