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

import dev.clientconn.DialOptions;

/**
 * Maps one group of a channel's settings to its options. What is not set leaves the
 * options as they are.
 */
@FunctionalInterface
interface ChannelMapping {

	/**
	 * Applies the settings.
	 * @param settings the settings of the channel
	 * @param builder its options
	 * @throws ClientConnConfigurationException if one of them cannot be used
	 */
	void apply(ChannelSettings settings, DialOptions.Builder builder);

}
