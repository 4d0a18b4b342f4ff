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

package dev.clientconn.spring.boot.autoconfigure.optional;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Takes each optional dependency of pom.xml off the class path, then starts an
 * application with our auto-configurations, and calls through its channel. A new optional
 * dependency is tested as soon as it is in the pom.
 */
class OptionalDependencyTests {

	/** What cannot work without a dependency, and is taken away with it. */
	private static final Map<String, List<String>> DEPENDENTS = Map.of("spring-cloud-context",
			List.of("spring-cloud-commons"), "reactor-core", List.of("spring-webflux", "spring-boot-webflux"));

	private static final String NO_NATIVE = "io.netty.transport.noNative";

	private static Server server;

	@BeforeAll
	static void start() throws Exception {
		server = NettyServerBuilder.forPort(0).build().start();
	}

	@AfterAll
	static void stop() throws Exception {
		server.shutdownNow().awaitTermination();
	}

	@ParameterizedTest(name = "without {0}")
	@MethodSource("optionalArtifacts")
	void anApplicationWorksWithout(String artifact) throws Exception {
		List<String> absent = new ArrayList<>(DEPENDENTS.getOrDefault(artifact, List.of()));
		absent.add(artifact);

		assertThat(callWithout(absent)).isEqualTo("UNIMPLEMENTED");
	}

	@Test
	void anApplicationWorksWithoutAnyOfThem() throws Exception {
		List<String> artifacts = optionalArtifacts();
		assertThat(artifacts).contains("spring-boot-actuator-autoconfigure", "grpc-stub");

		Set<String> absent = new LinkedHashSet<>(artifacts);
		artifacts.forEach((artifact) -> absent.addAll(DEPENDENTS.getOrDefault(artifact, List.of())));
		assertThat(callWithout(List.copyOf(absent))).isEqualTo("UNIMPLEMENTED");
	}

	/** The class files of main and test code are loaded anew too, by the same loader. */
	private static String callWithout(List<String> artifacts) throws Exception {
		List<URL> classPath = new ArrayList<>();
		List<String> left = new ArrayList<>(artifacts);
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			String file = new File(entry).getName();
			if (!left.removeIf((artifact) -> file.matches(Pattern.quote(artifact) + "-\\d.*\\.jar"))) {
				classPath.add(url(entry));
			}
		}
		assertThat(left).as("not on the class path").isEmpty();
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		// Not closed: the shared threads of the engine stay a second longer.
		ClassLoader loader = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
		try {
			// A native library that ends with this loader would break Netty in all
			// others.
			System.setProperty(NO_NATIVE, "true");
			thread.setContextClassLoader(loader);
			return (String) loader.loadClass(StartedApplication.class.getName())
				.getMethod("call", String.class)
				.invoke(null, "static:127.0.0.1:" + server.getPort());
		}
		finally {
			thread.setContextClassLoader(before);
			System.clearProperty(NO_NATIVE);
		}
	}

	private static URL url(String entry) throws MalformedURLException {
		return new File(entry).toURI().toURL();
	}

	static List<String> optionalArtifacts() throws Exception {
		Document pom;
		try (var input = Files.newInputStream(Path.of("pom.xml"))) {
			pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(input);
		}
		List<String> artifacts = new ArrayList<>();
		NodeList dependencies = pom.getElementsByTagName("dependency");
		for (int i = 0; i < dependencies.getLength(); i++) {
			Element dependency = (Element) dependencies.item(i);
			if (text(dependency, "optional").equals("true") || text(dependency, "scope").equals("provided")) {
				artifacts.add(text(dependency, "artifactId"));
			}
		}
		return artifacts;
	}

	private static String text(Element dependency, String tag) {
		NodeList elements = dependency.getElementsByTagName(tag);
		return (elements.getLength() > 0) ? elements.item(0).getTextContent().strip() : "";
	}

}
