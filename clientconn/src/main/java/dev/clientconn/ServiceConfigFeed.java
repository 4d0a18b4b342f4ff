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

package dev.clientconn;

import java.util.concurrent.Flow;
import java.util.function.Consumer;

import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * Knows the service config in force: the last one delivered, else the one of the options.
 * Follows one stream at a time; any thread may ask.
 */
final class ServiceConfigFeed {

	private final Consumer<ServiceConfig> onConfig;

	private volatile @Nullable ServiceConfigWatcher watcher;

	/**
	 * Creates a feed that follows nothing yet.
	 * @param onConfig hears of each config, on any thread
	 */
	ServiceConfigFeed(Consumer<ServiceConfig> onConfig) {
		this.onConfig = onConfig;
	}

	/** Who follows the stream; {@code null} if there is no stream. */
	@Nullable ServiceConfigWatcher watcher() {
		return this.watcher;
	}

	/** Follows the stream of the options, if it is another one. */
	void follow(String target, DialOptions options) {
		Flow.Publisher<ServiceConfig> publisher = options.serviceConfigUpdates;
		ServiceConfigWatcher before = this.watcher;
		if (before != null) {
			if (before.publisher().equals(publisher)) {
				return;
			}
			before.close();
			this.watcher = null;
		}
		if (publisher != null) {
			ServiceConfigWatcher follower = new ServiceConfigWatcher(target, publisher, this.onConfig);
			this.watcher = follower;
			publisher.subscribe(follower);
		}
	}

	ServiceConfig inForce(DialOptions options) {
		ServiceConfigWatcher follower = this.watcher;
		ServiceConfig delivered = (follower != null && follower.publisher().equals(options.serviceConfigUpdates))
				? follower.last() : null;
		return (delivered != null) ? delivered : options.serviceConfig;
	}

	void close() {
		ServiceConfigWatcher follower = this.watcher;
		if (follower != null) {
			follower.close();
		}
	}

}
