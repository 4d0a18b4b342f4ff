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

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import com.google.protobuf.CodedOutputStream;
import io.grpc.binarylog.v1.GrpcLogEntry;

/**
 * A file of entries, each after its length. When it is full it is renamed to
 * {@code <name>.1}, that to {@code <name>.2} and so on. The same happens to what an
 * earlier process has left: its last entry may have been cut.
 */
final class LogFile implements LogOutput {

	private final Path path;

	/** Written by any thread. */
	private volatile FileLimits limits;

	// only in the writer's thread, once it is open

	private OutputStream out;

	private long written;

	private LogFile(Path path, FileLimits limits, OutputStream out) {
		this.path = path;
		this.limits = limits;
		this.out = out;
	}

	static LogFile open(Path path, FileLimits limits) throws IOException {
		Path directory = path.getParent();
		if (directory != null) {
			Files.createDirectories(directory);
		}
		if (Files.exists(path) && Files.size(path) > 0) {
			rename(path, limits.maxHistory());
		}
		return new LogFile(path, limits, create(path));
	}

	void limits(FileLimits limits) {
		this.limits = limits;
	}

	@Override
	public void write(GrpcLogEntry entry) throws IOException {
		FileLimits now = this.limits;
		int bytes = entry.getSerializedSize();
		bytes += CodedOutputStream.computeUInt32SizeNoTag(bytes);
		if (this.written > 0 && this.written + bytes > now.maxBytes()) {
			this.out.close();
			rename(this.path, now.maxHistory());
			this.out = create(this.path);
			this.written = 0;
		}
		entry.writeDelimitedTo(this.out);
		this.written += bytes;
	}

	@Override
	public void flush() throws IOException {
		this.out.flush();
	}

	@Override
	public void close() throws IOException {
		this.out.close();
	}

	private static void rename(Path path, int maxHistory) throws IOException {
		if (maxHistory == 0) {
			Files.delete(path);
			return;
		}
		for (int i = maxHistory - 1; i > 0; i--) {
			if (Files.exists(numbered(path, i))) {
				move(numbered(path, i), numbered(path, i + 1));
			}
		}
		move(path, numbered(path, 1));
	}

	private static void move(Path from, Path to) throws IOException {
		Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
	}

	private static Path numbered(Path path, int number) {
		return path.resolveSibling(path.getFileName() + "." + number);
	}

	/** Messages of others are nobody else's business. */
	private static OutputStream create(Path path) throws IOException {
		FileAttribute<?>[] attributes = path.getFileSystem().supportedFileAttributeViews().contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
		return new BufferedOutputStream(Channels.newOutputStream(Files.newByteChannel(path,
				Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE),
				attributes)));
	}

}
