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

import java.util.HashMap;
import java.util.Map;

import dev.clientconn.DialOptions;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The options that each channel was dialed with, as the last customizer sees them.
 */
final class CapturedOptions implements DialOptionsCustomizer, Ordered {

	private final Map<String, DialOptions> options = new HashMap<>();

	/** An application with a channel {@code greeter}. */
	ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
					TaskExecutionAutoConfiguration.class))
			.withBean(CapturedOptions.class, () -> this)
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.insecure=true");
	}

	/** Dials {@code greeter} with properties of its own. */
	void options(String... properties) {
		ApplicationContextRunner configured = runner();
		for (String property : properties) {
			configured = configured.withPropertyValues("clientconn.channels.greeter." + property);
		}
		configured.run((context) -> assertThat(context).hasNotFailed());
	}

	DialOptions greeter() {
		return of("greeter");
	}

	DialOptions of(String channel) {
		return this.options.get(channel);
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		this.options.put(channel, builder.build());
	}

}
