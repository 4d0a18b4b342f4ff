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

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Gives the channels what their properties say now. A channel whose properties are wrong
 * keeps what it has, and does not keep the others from changing. Safe for use from any
 * thread.
 *
 * @since 0.1.0
 */
public final class ChannelRefresh {

	private static final Logger logger = LoggerFactory.getLogger(ChannelRefresh.class);

	/** Cannot be the name of a channel either. */
	private static final String UNKNOWN = " ";

	private final Environment environment;

	private final ClientConnProperties properties;

	private final ClientConns clientConns;

	private final ClientConnFactory factory;

	private final InstantSource time;

	/** Also those that were removed, which stay. Guarded by this. */
	private final Map<String, ChannelProperties> known;

	/** By channel, what was said last, which is not said again. Guarded by this. */
	private final Map<String, String> reported = new HashMap<>();

	/** By channel, why it keeps its settings. */
	private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

	ChannelRefresh(Environment environment, ClientConnProperties properties, ClientConns clientConns,
			ClientConnFactory factory, InstantSource time) {
		this.environment = environment;
		this.properties = properties;
		this.known = new LinkedHashMap<>(properties.getChannels());
		this.clientConns = clientConns;
		this.factory = factory;
		this.time = time;
	}

	/**
	 * Tells whether the environment has a value that no properties can be bound from.
	 * @return {@code true} if there is at least one
	 */
	public boolean isBroken() {
		return !BoundProperties.of(this.environment).failures().isEmpty();
	}

	/**
	 * Applies what the environment has. Returns soon: what takes time goes on in the
	 * connections. What is wrong is logged.
	 */
	public synchronized void refresh() {
		BoundProperties bound = BoundProperties.of(this.environment);
		ClientConnConfigurationException wrongDefaults = bound.failures().get(BoundProperties.DEFAULTS);
		report(BoundProperties.DEFAULTS, wrongDefaults, "All channels keep their last good settings.");
		if (wrongDefaults != null) {
			return;
		}
		if (bound.failures().isEmpty()) {
			reportUnknown();
		}
		this.known.keySet().removeAll(bound.channels().keySet());
		this.known.putAll(bound.channels());
		this.properties.replace(bound.defaults(), this.known);
		this.known.keySet().forEach((channel) -> {
			boolean isBean = this.clientConns.names().contains(channel);
			ClientConnConfigurationException failure = bound.failures().get(channel);
			if (!isBean) {
				warnOnce(channel, "Channel '" + channel
						+ "' was added to the properties; it becomes a bean when the application is started anew.");
			}
			else if (bound.channels().containsKey(channel) || failure != null) {
				report(channel, (failure != null) ? failure : update(channel),
						"Channel '" + channel + "' keeps its last good settings.");
			}
			else {
				warnOnce(channel, "Channel '" + channel
						+ "' was removed from the properties; it stays until the application is started anew.");
			}
		});
	}

	/**
	 * Tells why a channel has not got what its properties say now.
	 * @param channel name of the channel
	 * @return the last change that was refused, {@code null} if the channel has what its
	 * properties say
	 */
	public @Nullable Refusal refusal(String channel) {
		Refusal ofDefaults = this.refusals.get(BoundProperties.DEFAULTS);
		return (ofDefaults != null) ? ofDefaults : this.refusals.get(channel);
	}

	/** A mistyped name changes nothing, and keeps nothing from changing. */
	private void reportUnknown() {
		try {
			UnknownProperties.refuse(this.environment);
			this.reported.remove(UNKNOWN);
		}
		catch (ClientConnConfigurationException ex) {
			warnOnce(UNKNOWN, "A property is not used. " + describe(ex));
		}
	}

	private @Nullable ClientConnConfigurationException update(String channel) {
		try {
			this.factory.update(channel, this.clientConns.get(channel));
			return null;
		}
		catch (ClientConnConfigurationException ex) {
			return ex;
		}
		catch (RuntimeException ex) {
			return new ClientConnConfigurationException(new Setting<>(ChannelSettings.prefix(channel), null), ex);
		}
	}

	private void report(String channel, @Nullable ClientConnConfigurationException failure, String consequence) {
		if (failure == null) {
			this.reported.remove(channel);
			this.refusals.remove(channel);
			return;
		}
		String property = failure.getSetting().property();
		Refusal known = this.refusals.get(channel);
		if (known == null || !known.property().equals(property) || !known.error().equals(failure.getReason())) {
			this.refusals.put(channel, new Refusal(property, failure.getReason(), this.time.instant()));
		}
		warnOnce(channel, consequence + " " + describe(failure));
	}

	private String describe(ClientConnConfigurationException failure) {
		FailureAnalysis analysis = new ClientConnConfigurationFailureAnalyzer(this.environment).analyze(failure);
		return (analysis != null) ? "%s%n%n    Action: %s".formatted(analysis.getDescription(), analysis.getAction())
				: String.valueOf(failure.getMessage());
	}

	private void warnOnce(String channel, String text) {
		if (!text.equals(this.reported.put(channel, text))) {
			logger.warn(text);
		}
	}

	/**
	 * A change of properties that a channel could not follow; it keeps what it has.
	 *
	 * @param property the property that is wrong
	 * @param error what is wrong with it
	 * @param since when that was found
	 */
	public record Refusal(String property, String error, Instant since) {
	}

}
