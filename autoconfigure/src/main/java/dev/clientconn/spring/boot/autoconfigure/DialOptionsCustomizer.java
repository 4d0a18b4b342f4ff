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

import java.util.function.Consumer;
import java.util.regex.Pattern;

import dev.clientconn.DialOptions;

/**
 * Changes the options of channels before they are dialed. Beans of this type are called
 * in their order; what the properties say is applied at order 0, so a bean without an
 * order of its own comes later and wins.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DialOptionsCustomizer {

	/**
	 * Customizes the options of one channel.
	 * @param channel name of the channel
	 * @param builder its options so far
	 */
	void customize(String channel, DialOptions.Builder builder);

	/**
	 * Returns a customizer of one channel.
	 * @param name name of the channel
	 * @param customizer changes its options
	 * @return a customizer that leaves the other channels alone
	 */
	static DialOptionsCustomizer forChannel(String name, Consumer<DialOptions.Builder> customizer) {
		return matching(Pattern.quote(name), customizer);
	}

	/**
	 * Returns a customizer of the channels with certain names.
	 * @param regex matches the whole name of each of them
	 * @param customizer changes their options
	 * @return a customizer that leaves the other channels alone
	 * @throws java.util.regex.PatternSyntaxException if the expression is wrong
	 */
	static DialOptionsCustomizer matching(String regex, Consumer<DialOptions.Builder> customizer) {
		Pattern pattern = Pattern.compile(regex);
		return (channel, builder) -> {
			if (pattern.matcher(channel).matches()) {
				customizer.accept(builder);
			}
		};
	}

}
