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

import java.util.List;
import java.util.Set;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Starts an application with whatever is on its class path. Loaded by a class loader of
 * its own, so it takes and returns types of the JDK only.
 */
public final class StartedApplication {

	private StartedApplication() {
	}

	/**
	 * Starts the application, makes a call and stops it.
	 * @param target where the server is
	 * @return the status code of the call
	 */
	public static String call(String target) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setRegisterShutdownHook(false);
		try (ConfigurableApplicationContext context = application.run("--spring.main.banner-mode=off",
				"--clientconn.channels.greeter.target=" + target, "--clientconn.channels.greeter.insecure=true",
				"--clientconn.channels.greeter.credentials.bearer.token=abc",
				"--clientconn.channels.greeter.credentials.require-tls=false")) {
			return TestCalls.start(context.getBean("greeterClientConn", ClientConn.class)).join().getCode().name();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(AutoConfigurations.class)
	static class Application {

	}

	/**
	 * Ours and what they build upon: the other auto-configurations of Spring need some of
	 * the dependencies themselves, and take their time.
	 */
	static class AutoConfigurations extends AutoConfigurationImportSelector {

		private static final List<String> PREFIXES = List.of("dev.clientconn.", "org.springframework.cloud.client.",
				"org.springframework.cloud.commons.util.", "org.springframework.boot.autoconfigure.");

		@Override
		protected List<String> getCandidateConfigurations(AnnotationMetadata metadata,
				AnnotationAttributes attributes) {
			// Spring Cloud's reactive ones do not ask whether Reactor is there.
			boolean reactive = ClassUtils.isPresent("reactor.core.publisher.Flux", getBeanClassLoader());
			return ImportCandidates.load(AutoConfiguration.class, getBeanClassLoader())
				.getCandidates()
				.stream()
				.filter((name) -> PREFIXES.stream().anyMatch(name::startsWith))
				.filter((name) -> reactive || name.startsWith("dev.clientconn.") || !name.contains(".reactive."))
				.toList();
		}

		@Override
		protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
			return new AnnotationAttributes();
		}

		@Override
		protected Set<String> getExclusions(AnnotationMetadata metadata, AnnotationAttributes attributes) {
			return Set.of();
		}

	}

}
