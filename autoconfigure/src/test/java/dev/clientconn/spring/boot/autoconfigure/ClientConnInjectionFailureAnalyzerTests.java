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

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.ClientConn;
import io.grpc.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Starts applications that inject connections which do not exist.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientConnInjectionFailureAnalyzerTests {

	private static final String[] CHANNELS = { "--clientconn.channels.greeter.target=static:127.0.0.1:1",
			"--clientconn.channels.greeter.insecure=true", "--clientconn.channels.billing.target=static:127.0.0.1:1",
			"--clientconn.channels.billing.insecure=true" };

	@Test
	void noChannelAtAll(CapturedOutput output) {
		fails(ByType.class);

		assertThat(output).contains("ByType required a ClientConn, but no channel is configured.")
			.contains("      channels:\n        greeter:\n          target: dns:///greeter.example:9090")
			.contains("insecure: true");
	}

	@Test
	void noChannelAtAllByQualifier(CapturedOutput output) {
		fails(Mistyped.class);

		assertThat(output).contains("no channel is configured.").contains("        greter:\n");
	}

	@Test
	void unknownQualifier(CapturedOutput output) {
		fails(Mistyped.class, CHANNELS);

		assertThat(output).contains("Parameter 0 of constructor in")
			.contains("required the ClientConn of a channel 'greter' that is not configured.")
			.containsPattern("'clientconn.channels' are \\[(greeter, billing|billing, greeter)\\]")
			.contains("Did you mean @Qualifier(\"greeter\")?");
	}

	@Test
	void unknownQualifierOfAField(CapturedOutput output) {
		fails(MistypedField.class, CHANNELS);

		assertThat(output).contains("of a channel 'inventory' that is not configured.")
			.contains("        inventory:\n          target: dns:///inventory.example:9090");
	}

	@Test
	void switchedOff(CapturedOutput output) {
		List<String> args = new ArrayList<>(List.of(CHANNELS));
		args.add("--clientconn.enabled=false");
		fails(ByType.class, args.toArray(String[]::new));

		assertThat(output).contains("but 'clientconn.enabled' is false");
	}

	@Test
	void severalCandidatesAndOtherBeansAreLeftToBoot(CapturedOutput output) {
		fails(ByType.class, CHANNELS);
		assertThat(output).contains("required a single bean, but 2 were found");

		fails(SomethingElse.class, CHANNELS);
		assertThat(output).contains("required a bean of type 'java.lang.Runnable' that could not be found");
	}

	private static void fails(Class<?> client, String... args) {
		SpringApplication application = new SpringApplication(Application.class, client);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		assertThatException().isThrownBy(() -> application.run(args).close());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ClientConnAutoConfiguration.class)
	static class Application {

	}

	static class ByType {

		ByType(ClientConn conn) {
		}

	}

	static class Mistyped {

		Mistyped(@Qualifier("greter") Channel conn) {
		}

	}

	static class MistypedField {

		@Autowired
		@Qualifier("inventory")
		ClientConn conn;

	}

	static class SomethingElse {

		SomethingElse(Runnable runnable) {
		}

	}

}
