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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Details of the service behind a channel, such as those of a container that a test or
 * the development setup has started. The first bean in order that knows a channel wins;
 * the properties come last. A bean with a
 * {@link org.springframework.beans.factory.annotation.Qualifier} is asked about the
 * channel of that name only.
 *
 * @since 0.1.0
 */
public interface ClientConnDetails extends ConnectionDetails {

	/**
	 * Returns the target of a channel. Called on the thread that dials it.
	 * @param channel name of the channel
	 * @return the target, {@code null} if these details are not about the channel
	 */
	@Nullable String getTarget(String channel);

	/**
	 * Returns the SSL bundle of a channel, which replaces the security that its
	 * properties choose. Asked only if these details have a target for the channel.
	 * @param channel name of the channel
	 * @return the bundle, {@code null} to leave the choice to the properties
	 */
	default @Nullable SslBundle getSslBundle(String channel) {
		return null;
	}

}
