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

package io.grpc.testing.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;

/**
 * The interop test service in a Python process, on gRPC's C core: an HTTP/2 stack that
 * has nothing in common with Netty's. It is given the service's descriptors, so that all
 * it needs are Debian's {@code python3-grpcio} and {@code python3-protobuf}.
 */
final class PythonTestServer implements AutoCloseable {

	/** Debian's first: another Python on the path does not see Debian's packages. */
	private static final List<String> INTERPRETERS = List.of("/usr/bin/python3", "python3");

	private final Process process;

	private final int port;

	private PythonTestServer(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/** The command of a Python that has gRPC, or null. */
	static String interpreter() throws InterruptedException {
		for (String python : INTERPRETERS) {
			try {
				Process probe = new ProcessBuilder(python, "-c", "import grpc, google.protobuf")
					.redirectErrorStream(true)
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.start();
				if (probe.waitFor() == 0) {
					return python;
				}
			}
			catch (IOException ex) {
				// There is no such command.
			}
		}
		return null;
	}

	/**
	 * Starts a server.
	 * @param directory takes a file
	 */
	static PythonTestServer start(String interpreter, Path directory)
			throws IOException, URISyntaxException, InterruptedException {
		Path descriptors = Files.write(directory.resolve("descriptors"), descriptors().toByteArray());
		Path script = Path.of(PythonTestServer.class.getResource("/interop/test_service.py").toURI());
		Process process = new ProcessBuilder(interpreter, script.toString(), descriptors.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		BufferedReader output = process.inputReader();
		String port = output.readLine();
		if (port == null) {
			throw new IllegalStateException("test_service.py ended with " + process.waitFor() + ", see above why");
		}
		return new PythonTestServer(process, Integer.parseInt(port));
	}

	String target() {
		return "dns:///127.0.0.1:" + this.port;
	}

	private static FileDescriptorSet descriptors() {
		Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
		addWithDependencies(Test.getDescriptor(), files);
		return FileDescriptorSet.newBuilder().addAllFile(files.values()).build();
	}

	private static void addWithDependencies(FileDescriptor file, Map<String, FileDescriptorProto> files) {
		file.getDependencies().forEach((dependency) -> addWithDependencies(dependency, files));
		files.put(file.getName(), file.toProto());
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.process.outputWriter().close();
		if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

}
