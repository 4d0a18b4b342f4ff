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

package dev.clientconn.spring.boot.autoconfigure.observation;

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the observation of calls.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ ObservationRegistry.class, ClientConns.class })
@ConditionalOnBooleanProperty(name = "clientconn.observation.enabled", matchIfMissing = true)
public final class ClientConnObservationAutoConfiguration {

	@Bean
	ObservationDialOptionsCustomizer observationDialOptionsCustomizer(ObservationRegistry registry,
			ObjectProvider<ClientConnCallObservationConvention> callConvention,
			ObjectProvider<ClientConnAttemptObservationConvention> attemptConvention) {
		return new ObservationDialOptionsCustomizer(
				new Observations(registry, callConvention.getIfAvailable(), attemptConvention.getIfAvailable()));
	}

	/**
	 * The meters of gRFC A66 say it already: without this, every observation would also
	 * become timers and counters of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterFilter.class)
	@ConditionalOnBooleanProperty(name = "clientconn.metrics.enabled", matchIfMissing = true)
	static class MetersConfiguration {

		@Bean
		MeterFilter clientConnObservationMeterFilter() {
			String name = DefaultClientConnCallObservationConvention.NAME;
			return MeterFilter.deny((id) -> id.getName().equals(name) || id.getName().startsWith(name + "."));
		}

	}

}
