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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import io.grpc.BinaryLog;
import io.grpc.protobuf.services.BinaryLogs;

import org.springframework.core.Ordered;

/**
 * Gives the channels that are to be logged their logs.
 */
final class BinaryLogDialOptionsCustomizer implements DialOptionsCustomizer, Ordered {

	private final ClientConnProperties properties;

	private final LogWriters writers;

	/** By channel: a refresh that changes nothing must find the log that is in use. */
	private final ConcurrentMap<String, ChannelLog> logs = new ConcurrentHashMap<>();

	BinaryLogDialOptionsCustomizer(ClientConnProperties properties, LogWriters writers) {
		this.properties = properties;
		this.writers = writers;
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		ChannelSettings settings = ChannelSettings.of(this.properties, channel);
		LogContent content = LogContent.of(settings);
		LogTarget target = LogTarget.of(settings);
		if (target.isEnabled()) {
			ChannelLog log = this.logs.compute(channel, (name, known) -> (known != null && known.isFor(content, target))
					? known : new ChannelLog(content, target, open(content, target)));
			builder.binaryLog(log.log);
		}
	}

	private BinaryLog open(LogContent content, LogTarget target) {
		// Checked first: a file that is opened stays open.
		String filter = content.filter();
		List<LogWriter> sinks = target.open(this.writers);
		RedactingSink sink = new RedactingSink(content.redacted(), sinks);
		return Objects.requireNonNull(content.methods().as((methods) -> {
			try {
				return BinaryLogs.createBinaryLog(sink, filter);
			}
			catch (IOException ex) {
				Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
				throw new IllegalArgumentException(String.valueOf(cause.getMessage()), ex);
			}
		}).value());
	}

	/**
	 * The log of a channel.
	 *
	 * @param content what it was made for
	 * @param target where it goes
	 * @param log the log
	 */
	private record ChannelLog(LogContent content, LogTarget target, BinaryLog log) {

		boolean isFor(LogContent content, LogTarget target) {
			return this.content.equals(content) && this.target.equals(target);
		}

	}

}
