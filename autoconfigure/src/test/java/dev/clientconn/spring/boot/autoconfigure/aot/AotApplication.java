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

package dev.clientconn.spring.boot.autoconfigure.aot;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnCredentialsAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnOAuth2AutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.discovery.ClientConnDiscoveryAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.health.ClientConnHealthContributorAutoConfiguration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application whose bean definitions are computed when it is built.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ ConfigurationPropertiesAutoConfiguration.class, SslAutoConfiguration.class,
		OAuth2ClientAutoConfiguration.class, ClientConnAutoConfiguration.class,
		ClientConnCredentialsAutoConfiguration.class, ClientConnOAuth2AutoConfiguration.class,
		ClientConnDiscoveryAutoConfiguration.class, ClientConnHealthContributorAutoConfiguration.class })
public class AotApplication {

	@Bean
	Greetings greetings(@Qualifier("greeter") ClientConn greeter) {
		return new Greetings(greeter);
	}

	/**
	 * A bean that is given one of the channels.
	 *
	 * @param greeter the channel
	 */
	public record Greetings(ClientConn greeter) {
	}

}
