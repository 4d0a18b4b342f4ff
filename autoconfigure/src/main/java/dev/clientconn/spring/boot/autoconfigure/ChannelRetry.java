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
import dev.clientconn.RetryOptions;

/**
 * Maps {@code retry.*}.
 */
final class ChannelRetry implements ChannelMapping {

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		RetryOptions[] options = { RetryOptions.DEFAULT };
		settings.get("retry.enabled", (p) -> p.getRetry().getEnabled())
			.to((value) -> options[0] = options[0].withEnabled(value));
		settings.get("retry.buffer-per-call", (p) -> p.getRetry().getBufferPerCall())
			.to((value) -> options[0] = options[0].withBufferPerCall(value.toBytes()));
		settings.get("retry.buffer-per-channel", (p) -> p.getRetry().getBufferPerChannel())
			.to((value) -> options[0] = options[0].withBufferPerChannel(value.toBytes()));
		settings.get("retry.avoid-used-addresses", (p) -> p.getRetry().getAvoidUsedAddresses())
			.to((value) -> options[0] = options[0].withAvoidUsedAddresses(value));
		settings.get("retry.idempotent-methods", (p) -> p.getRetry().getIdempotentMethods())
			.to((value) -> options[0] = options[0].withIdempotentMethods(value));
		settings.get("retry.budget.ratio", (p) -> p.getRetry().getBudget().getRatio())
			.to((value) -> options[0] = options[0].withBudget(options[0].budget().withRatio(value)));
		settings.get("retry.budget.min-per-second", (p) -> p.getRetry().getBudget().getMinPerSecond())
			.to((value) -> options[0] = options[0].withBudget(options[0].budget().withMinPerSecond(value)));
		builder.retry(options[0]);
	}

}
