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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import io.grpc.protobuf.services.BinaryLogs;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the binary log of channels that
 * have it enabled.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class)
@ConditionalOnBean(ClientConns.class)
public final class ClientConnBinaryLogAutoConfiguration {

	private static final String ENTRIES = "io.grpc.protobuf.services.BinaryLogs";

	private static final String JSON = "com.google.protobuf.util.JsonFormat";

	/**
	 * Where grpc-services is there, with all that it needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(value = BinaryLogs.class, name = JSON)
	@ImportRuntimeHints(BinaryLogRuntimeHints.class)
	static class Available {

		@Bean
		LogWriters clientConnBinaryLogWriters() {
			return new LogWriters();
		}

		@Bean
		BinaryLogDialOptionsCustomizer binaryLogDialOptionsCustomizer(ClientConnProperties properties,
				LogWriters clientConnBinaryLogWriters) {
			return new BinaryLogDialOptionsCustomizer(properties, clientConnBinaryLogWriters);
		}

	}

	/**
	 * Without grpc-services.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass(ENTRIES)
	static class Missing {

		@Bean
		MissingBinaryLog missingBinaryLog(ClientConnProperties properties) {
			return new MissingBinaryLog(properties, "grpc-services");
		}

	}

	/**
	 * Without a library that grpc-services needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = ENTRIES)
	@ConditionalOnMissingClass(JSON)
	static class Incomplete {

		@Bean
		MissingBinaryLog missingBinaryLog(ClientConnProperties properties) {
			return new MissingBinaryLog(properties, "protobuf-java-util");
		}

	}

}
