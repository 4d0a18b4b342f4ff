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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.discovery.SnapshotFile.Saved;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SnapshotFileTests {

	private static final Instant THEN = Instant.parse("2026-11-22T07:40:00Z");

	@TempDir
	private Path directory;

	@Test
	void whatIsWrittenIsRead() throws IOException {
		SnapshotFile file = SnapshotFile.of(this.directory.resolve("new/one"), "greeter", "greeter-service");
		Saved saved = new Saved(THEN,
				List.of(Address.of("10.0.0.1:9090").withMetadata(Map.of("zone", "ä", "a.b=c", "x y\nz")),
						Address.of("[::1]:9090")));
		file.write(new Saved(Instant.EPOCH, List.of(Address.of("old:1"), Address.of("old:2"), Address.of("old:3"))));
		file.write(saved);

		Saved read = file.read();
		assertThat(read.at()).isEqualTo(THEN);
		assertThat(read.addresses()).containsExactlyInAnyOrderElementsOf(saved.addresses());
		try (var files = Files.list(this.directory.resolve("new/one"))) {
			assertThat(files).as("no temporary file is left").containsExactly(file.path());
		}
		if (Files.getFileStore(this.directory).supportsFileAttributeView("posix")) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
				.isEqualTo("rw-------");
		}
	}

	@Test
	void eachChannelHasAFileInsideTheDirectory() {
		assertThat(SnapshotFile.of(this.directory, "../a/b", "x").path().getParent()).isEqualTo(this.directory);
		assertThat(SnapshotFile.of(this.directory, "a", "x").path())
			.isNotEqualTo(SnapshotFile.of(this.directory, "b", "x").path());
	}

	@Test
	void withoutAFileThereIsNothing() throws IOException {
		assertThat(file().read()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "no properties at all", "format=2\nservice-id=greeter\naddress.0=a\\:1",
			"format=1\nservice-id=other\naddress.0=a\\:1", "format=1\nservice-id=greeter\naddress.0=nonsense",
			"format=1\nservice-id=greeter\naddress.0=\\u12" })
	void whatIsNotUnderstoodIsNothing(String text) throws IOException {
		Files.writeString(file().path(), text);

		assertThat(file().read()).isNull();
	}

	@Test
	void aBadAddressIsLeftOutAlone() throws IOException {
		Files.writeString(file().path(), """
				format=1
				service-id=greeter
				saved-at=yesterday
				something=else
				address.0=b\\:1
				address.1=b\\:99999
				address.2=a\\:1
				address.2.metadata.zone=
				""");

		assertThat(file().read()).isEqualTo(new Saved(Instant.EPOCH,
				List.of(Address.of("a:1").withMetadata(Map.of("zone", "")), Address.of("b:1"))));
	}

	private SnapshotFile file() {
		return SnapshotFile.of(this.directory, "greeter", "greeter");
	}

}
