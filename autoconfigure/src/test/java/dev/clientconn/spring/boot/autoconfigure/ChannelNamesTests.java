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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelNamesTests {

	@ParameterizedTest
	@CsvSource({ "greeter, greeterClientConn", "order-history, orderHistoryClientConn",
			"orderHistory, orderHistoryClientConn", "billing.eu_2, billingEu2ClientConn",
			"Greeter, greeterClientConn" })
	void beanNamesAreInCamelCase(String channel, String beanName) {
		assertThat(ChannelNames.beanName(channel)).isEqualTo(beanName);
	}

}
