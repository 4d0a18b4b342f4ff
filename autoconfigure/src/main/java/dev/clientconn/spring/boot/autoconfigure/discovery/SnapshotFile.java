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
import java.io.Reader;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import dev.clientconn.naming.Address;
import org.jspecify.annotations.Nullable;

/**
 * The last addresses of a channel in a file, for a start while the registry is down. A
 * properties file with a version; what a reader does not understand it leaves out, down
 * to the whole file. All methods block.
 *
 * @param path the file
 * @param serviceId the service whose addresses it holds
 */
record SnapshotFile(Path path, String serviceId) {

	private static final String FORMAT = "1";

	private static final String METADATA = ".metadata.";

	/**
	 * Returns the file of a channel.
	 * @param directory where files are
	 * @param channel name of the channel
	 * @param serviceId its service
	 * @return the file, which may not exist yet
	 */
	static SnapshotFile of(Path directory, String channel, String serviceId) {
		return new SnapshotFile(directory.resolve(URLEncoder.encode(channel, StandardCharsets.UTF_8) + ".properties"),
				serviceId);
	}

	/**
	 * Reads the file.
	 * @return what was saved, {@code null} if there is no usable address of this service
	 * @throws IOException if it exists and cannot be read
	 */
	@Nullable Saved read() throws IOException {
		if (!Files.exists(this.path)) {
			return null;
		}
		Properties properties = new Properties();
		try (Reader reader = Files.newBufferedReader(this.path)) {
			properties.load(reader);
		}
		catch (IllegalArgumentException ex) {
			return null; // A broken escape.
		}
		if (!FORMAT.equals(properties.getProperty("format"))
				|| !this.serviceId.equals(properties.getProperty("service-id"))) {
			return null;
		}
		Map<String, Map<String, String>> metadata = metadata(properties);
		List<Address> addresses = new ArrayList<>();
		for (int i = 0; properties.containsKey("address." + i); i++) {
			String key = "address." + i;
			try {
				addresses
					.add(Address.of(properties.getProperty(key)).withMetadata(metadata.getOrDefault(key, Map.of())));
			}
			catch (IllegalArgumentException ex) {
				// Written by hand, or by another version: left out.
			}
		}
		addresses.sort(InstanceAddresses.ORDER);
		return addresses.isEmpty() ? null
				: new Saved(savedAt(properties.getProperty("saved-at", "")), List.copyOf(addresses));
	}

	/**
	 * Replaces the file in one step: a reader sees the old one or the new one. Only the
	 * user of this process may read it, where the file system knows users.
	 * @param saved what to save
	 * @throws IOException if it cannot be written
	 */
	void write(Saved saved) throws IOException {
		Properties properties = new Properties();
		properties.setProperty("format", FORMAT);
		properties.setProperty("service-id", this.serviceId);
		properties.setProperty("saved-at", saved.at().toString());
		for (int i = 0; i < saved.addresses().size(); i++) {
			Address address = saved.addresses().get(i);
			String key = "address." + i;
			properties.setProperty(key, address.addr());
			address.metadata().forEach((name, value) -> properties.setProperty(key + METADATA + name, value));
		}
		Path directory = this.path.toAbsolutePath().getParent();
		Files.createDirectories(directory);
		Path temporary = Files.createTempFile(directory, this.path.getFileName().toString(), ".tmp");
		try {
			try (Writer writer = Files.newBufferedWriter(temporary)) {
				properties.store(writer, null);
			}
			move(temporary);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	private void move(Path temporary) throws IOException {
		try {
			Files.move(temporary, this.path, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (AtomicMoveNotSupportedException ex) {
			Files.move(temporary, this.path, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	/** Metadata by the key of its address. */
	private static Map<String, Map<String, String>> metadata(Properties properties) {
		Map<String, Map<String, String>> metadata = new HashMap<>();
		for (String name : properties.stringPropertyNames()) {
			int infix = name.indexOf(METADATA);
			if (infix > 0) {
				metadata.computeIfAbsent(name.substring(0, infix), (key) -> new HashMap<>())
					.put(name.substring(infix + METADATA.length()), properties.getProperty(name));
			}
		}
		return metadata;
	}

	private static Instant savedAt(String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeParseException ex) {
			return Instant.EPOCH;
		}
	}

	/**
	 * What the file holds.
	 *
	 * @param at when it was saved
	 * @param addresses the addresses, sorted
	 */
	record Saved(Instant at, List<Address> addresses) {
	}

}
