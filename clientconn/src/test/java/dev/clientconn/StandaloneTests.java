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

package dev.clientconn;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The engine in a JVM of its own: with no jars but those it must have, and with
 * certificate authorities that are the JVM's.
 */
class StandaloneTests {

	/**
	 * What a user of the engine always has; the second line is what the stubs of the echo
	 * service need.
	 */
	private static final Pattern MANDATORY_JARS = Pattern.compile("(grpc-api|guava|slf4j-api"
			+ "|netty-(buffer|codec-base|codec-compression|codec-http|codec-http2|common|handler|resolver|transport"
			+ "|transport-native-unix-common)"
			+ "|grpc-stub|grpc-protobuf|grpc-protobuf-lite|protobuf-java|failureaccess)" + "-[0-9][^/]*\\.jar");

	private static final Certificates certificates = new Certificates();

	@TempDir
	Path directory;

	@Test
	void mandatoryJarsSuffice() throws Exception {
		try (EchoServer plaintext = EchoServer.started();
				EchoServer tls = new EchoServer().tls(certificates.localhost()).start()) {
			Result result = run(mandatoryClassPath(), trustStore(), "plaintext", plaintext.port(), "tls", tls.port());

			assertThat(result.output).containsExactly("optional classes:",
					"proxy: a proxy needs io.netty:netty-handler-proxy on the class path", "plaintext: hello",
					"tls: hello");
			assertThat(result.errors).doesNotContain("Exception", "NoClassDefFoundError");
			assertThat(result.exitCode).isZero();
		}
	}

	@Test
	void openSslTrustsTheAuthoritiesOfTheJvmToo() throws Exception {
		try (EchoServer tls = new EchoServer().tls(certificates.localhost()).start()) {
			Result result = run(classPath(), trustStore(), "tls", tls.port());

			assertThat(result.output.get(0)).contains(" SSL ");
			assertThat(result.output).endsWith("tls: hello");
			assertThat(result.exitCode).isZero();
		}
	}

	@Test
	void unreadableTrustStoreIsNamedAtEachAttempt() throws Exception {
		Path garbage = Files.writeString(this.directory.resolve("garbage"), "not a key store");
		try (EchoServer tls = new EchoServer().tls(certificates.localhost()).start()) {
			Result result = run(mandatoryClassPath(), garbage, "tls", tls.port(), "tls", tls.port());

			assertThat(result.output).hasSize(4);
			assertThat(result.output.subList(2, 4)).allSatisfy((line) -> assertThat(line).startsWith("tls: UNAVAILABLE")
				.contains("no TLS context")
				.contains("(javax.net.ssl.trustStore) cannot be read: "));
			assertThat(result.exitCode).isZero();
		}
	}

	private Path trustStore() throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		store.setCertificateEntry("test", certificates.authority().getCertificate());
		Path file = this.directory.resolve("trust.p12");
		try (var out = Files.newOutputStream(file)) {
			store.store(out, "changeit".toCharArray());
		}
		return file;
	}

	private static List<String> classPath() {
		String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		return Arrays.asList(path.split(File.pathSeparator));
	}

	private static List<String> mandatoryClassPath() {
		return classPath().stream()
			.filter((entry) -> new File(entry).isDirectory()
					|| MANDATORY_JARS.matcher(new File(entry).getName()).matches())
			.toList();
	}

	private Result run(List<String> classPath, Path trustStore, Object... args) throws Exception {
		Path output = this.directory.resolve("output");
		Path errors = this.directory.resolve("errors");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-Djavax.net.ssl.trustStore=" + trustStore,
				"-Djavax.net.ssl.trustStorePassword=changeit", "-cp", String.join(File.pathSeparator, classPath),
				StandaloneClient.class.getName()));
		Arrays.stream(args).map(String::valueOf).forEach(command::add);
		Process process = new ProcessBuilder(command).redirectOutput(output.toFile())
			.redirectError(errors.toFile())
			.start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends by itself").isTrue();
			return new Result(process.exitValue(), Files.readAllLines(output), Files.readString(errors));
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * What a program has left behind.
	 */
	private record Result(int exitCode, List<String> output, String errors) {
	}

}
