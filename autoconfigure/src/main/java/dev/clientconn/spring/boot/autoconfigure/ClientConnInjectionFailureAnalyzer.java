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

package dev.clientconn.spring.boot.autoconfigure;

import java.util.Optional;
import java.util.Set;

import dev.clientconn.ClientConn;
import io.grpc.Channel;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Tells which channels there are when somebody wants a connection that does not exist.
 * Comes before Boot's own analyzer, which would suggest to define a bean.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class ClientConnInjectionFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final Environment environment;

	ClientConnInjectionFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		if (cause instanceof NoUniqueBeanDefinitionException || !isAboutConnections(cause)) {
			return null;
		}
		String who = (description != null) ? description : "A bean lookup";
		String wanted = qualifier(rootFailure);
		if (!this.environment.getProperty("clientconn.enabled", Boolean.class, true)) {
			return new FailureAnalysis(who + " required a ClientConn, but 'clientconn.enabled' is false.",
					"Set 'clientconn.enabled' to true, or define a ClientConn bean.", cause);
		}
		Set<String> channels = ChannelNames.beanNames(this.environment).keySet();
		if (channels.isEmpty()) {
			return new FailureAnalysis(who + " required a ClientConn, but no channel is configured.",
					example((wanted != null) ? wanted : "greeter"), cause);
		}
		if (wanted == null) {
			return null;
		}
		Optional<String> nearest = NearestName.of(wanted, channels);
		return new FailureAnalysis(
				"%s required the ClientConn of a channel '%s' that is not configured. The channels under 'clientconn.channels' are %s."
					.formatted(who, wanted, channels),
				nearest.map((name) -> "Did you mean @Qualifier(\"" + name + "\")?")
					.orElse("Correct the qualifier, or configure the channel.\n\n" + example(wanted)),
				cause);
	}

	private static boolean isAboutConnections(NoSuchBeanDefinitionException cause) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		return type != null && Channel.class.isAssignableFrom(type) && type.isAssignableFrom(ClientConn.class);
	}

	private static @Nullable String qualifier(Throwable failure) {
		String qualifier = null;
		for (Throwable each = failure; each != null; each = each.getCause()) {
			InjectionPoint injectionPoint = (each instanceof UnsatisfiedDependencyException unsatisfied)
					? unsatisfied.getInjectionPoint() : null;
			Qualifier annotation = (injectionPoint != null) ? injectionPoint.getAnnotation(Qualifier.class) : null;
			qualifier = (annotation != null) ? annotation.value() : qualifier;
		}
		return qualifier;
	}

	private static String example(String channel) {
		return """
				Configure a channel in application.yml, such as:

				    clientconn:
				      channels:
				        %s:
				          target: dns:///%s.example:9090
				          insecure: true   # plaintext; or 'ssl.bundle', or 'ssl.enabled: true'
				""".formatted(channel, channel);
	}

}
