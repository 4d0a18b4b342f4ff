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

import dev.clientconn.DeadlinePropagation;
import dev.clientconn.DialOptions;
import dev.clientconn.QueueLimits;

import org.springframework.util.unit.DataSize;

/**
 * Maps how long and how many calls wait.
 */
final class ChannelWaiting implements ChannelMapping {

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		DeadlinePropagation[] propagation = { DeadlinePropagation.DEFAULT };
		settings.get("deadline.propagation", (p) -> p.getDeadline().getPropagation())
			.to((enabled) -> propagation[0] = propagation[0].withEnabled(enabled));
		settings.get("deadline.margin", (p) -> p.getDeadline().getMargin())
			.to((margin) -> propagation[0] = propagation[0].withMargin(margin));
		builder.deadlinePropagation(propagation[0]);
		QueueLimits[] limits = { QueueLimits.DEFAULT };
		settings.get("queue.max-calls", (p) -> p.getQueue().getMaxCalls())
			.to((calls) -> limits[0] = limits[0].withMaxCalls(calls));
		settings.get("queue.max-bytes", (p) -> p.getQueue().getMaxBytes())
			.as(DataSize::toBytes)
			.to((bytes) -> limits[0] = limits[0].withMaxBytes(bytes));
		builder.queueLimits(limits[0]);
	}

}
