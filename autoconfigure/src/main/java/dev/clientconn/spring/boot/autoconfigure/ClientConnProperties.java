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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Properties of the {@code ClientConn} beans.
 */
@ConfigurationProperties("clientconn")
public class ClientConnProperties {

	/**
	 * Whether ClientConn beans are created.
	 */
	private boolean enabled = true;

	private final EventLoop eventLoop = new EventLoop();

	@NestedConfigurationProperty
	private ChannelProperties defaults = new ChannelProperties();

	@NestedConfigurationProperty
	private final HealthProperties health = new HealthProperties();

	@NestedConfigurationProperty
	private final EventsProperties events = new EventsProperties();

	/**
	 * Channels by name. Each becomes a ClientConn bean with the name as its qualifier and
	 * takes the same properties as 'clientconn.defaults', which apply where a channel
	 * sets none.
	 */
	private final Map<String, ChannelProperties> channels = new LinkedHashMap<>();

	private final Refresh refresh = new Refresh();

	/**
	 * Takes over what was bound anew, for whoever asks for settings from now on.
	 */
	void replace(ChannelProperties defaults, Map<String, ChannelProperties> channels) {
		this.defaults = defaults;
		this.channels.clear();
		this.channels.putAll(channels);
	}

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public EventLoop getEventLoop() {
		return this.eventLoop;
	}

	public ChannelProperties getDefaults() {
		return this.defaults;
	}

	public HealthProperties getHealth() {
		return this.health;
	}

	public EventsProperties getEvents() {
		return this.events;
	}

	public Map<String, ChannelProperties> getChannels() {
		return this.channels;
	}

	public Refresh getRefresh() {
		return this.refresh;
	}

	/**
	 * Changes at run time.
	 */
	public static class Refresh {

		/**
		 * Whether channels follow changes of their properties at run time, which needs
		 * Spring Cloud.
		 */
		private boolean enabled = true;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/**
	 * Threads that the connections of all channels share.
	 */
	public static class EventLoop {

		/**
		 * Number of threads. One per processor and at most 8, shared with all connections
		 * of the process, unless set.
		 */
		private @Nullable Integer threads;

		public @Nullable Integer getThreads() {
			return this.threads;
		}

		public void setThreads(@Nullable Integer threads) {
			this.threads = threads;
		}

	}

}
