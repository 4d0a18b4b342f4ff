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
import dev.clientconn.HedgingOptions;
import dev.clientconn.spring.boot.autoconfigure.HedgingProperties.Mode;

/**
 * Maps {@code hedging.*}. All of it is checked, whatever the mode: the rest may come from
 * the defaults, for channels of another mode.
 */
final class ChannelHedging implements ChannelMapping {

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		Setting<HedgingOptions> fixed = settings.get("hedging.delay", (p) -> p.getHedging().getDelay())
			.as(HedgingOptions::fixed);
		HedgingOptions adaptive = settings.get("hedging.max-extra-load", (p) -> p.getHedging().getMaxExtraLoad())
			.or(HedgingOptions.DEFAULT_MAX_EXTRA_LOAD)
			.as(HedgingOptions::adaptive)
			.orElse(HedgingOptions.off());
		Setting<Mode> mode = settings.get("hedging.mode", (p) -> p.getHedging().getMode());
		HedgingOptions[] options = { switch (mode.orElse(Mode.OFF)) {
			case OFF -> HedgingOptions.off();
			case FIXED -> fixed(mode, fixed);
			case ADAPTIVE -> adaptive;
		} };
		settings.get("hedging.max-attempts", (p) -> p.getHedging().getMaxAttempts())
			.to((value) -> options[0] = options[0].maxAttempts(value));
		settings.get("hedging.methods", (p) -> p.getHedging().getMethods())
			.to((value) -> options[0] = options[0].methods(value));
		builder.hedging(options[0]);
	}

	private static HedgingOptions fixed(Setting<Mode> mode, Setting<HedgingOptions> fixed) {
		HedgingOptions options = fixed.value();
		if (options == null) {
			throw new ClientConnConfigurationException(mode, "there is no delay (expected: " + fixed.property() + ")",
					"Set " + fixed.property() + ", or the mode to adaptive.");
		}
		return options;
	}

}
