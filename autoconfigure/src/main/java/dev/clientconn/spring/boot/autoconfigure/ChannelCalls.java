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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.clientconn.DialOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;

/**
 * Maps what calls do unless they say otherwise.
 *
 * @param beans holds compressors of the application
 */
record ChannelCalls(ChannelBeans beans) implements ChannelMapping {

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		settings.get("call.deadline", (p) -> p.getCall().getDeadline()).to(builder::defaultDeadline);
		settings.get("call.wait-for-ready", (p) -> p.getCall().getWaitForReady()).to(builder::waitForReady);
		settings.get("call.compression", (p) -> p.getCall().getCompression())
			.as((name) -> compressor(settings.channel(), name))
			.to(builder::compressor);
	}

	private Compressor compressor(String channel, String name) {
		List<Compressor> ofBeans = this.beans.forChannel(channel, Compressor.class);
		return ofBeans.stream()
			.filter((compressor) -> compressor.getMessageEncoding().equals(name))
			.findFirst()
			.or(() -> Optional.ofNullable(CompressorRegistry.getDefaultInstance().lookupCompressor(name)))
			.orElseThrow(() -> unknown(ofBeans));
	}

	private static IllegalArgumentException unknown(List<Compressor> ofBeans) {
		List<String> names = new ArrayList<>(List.of("gzip", "identity"));
		ofBeans.forEach((compressor) -> names.add(compressor.getMessageEncoding()));
		return new IllegalArgumentException("unknown compressor (expected: one of " + names
				+ ", or one that is added as a Compressor bean or to the default CompressorRegistry)");
	}

}
