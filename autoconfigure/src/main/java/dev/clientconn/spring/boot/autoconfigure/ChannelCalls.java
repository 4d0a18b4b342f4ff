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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.clientconn.Codec;
import dev.clientconn.DialOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;

/**
 * Maps what calls do unless they say otherwise.
 *
 * @param beans holds compressors and codecs of the application
 */
record ChannelCalls(ChannelBeans beans) implements ChannelMapping {

	/** What the generated code declares. */
	private static final String PROTO = "proto";

	private static final String JSON = "json";

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		settings.get("call.deadline", (p) -> p.getCall().getDeadline()).to(builder::defaultDeadline);
		settings.get("call.wait-for-ready", (p) -> p.getCall().getWaitForReady()).to(builder::waitForReady);
		settings.get("call.compression", (p) -> p.getCall().getCompression())
			.as((name) -> compressor(settings.channel(), name))
			.to(builder::compressor);
		Setting<String> codec = settings.get("call.codec", (p) -> p.getCall().getCodec());
		codec.as((name) -> codec(settings, codec)).to(builder::codec);
	}

	private Codec codec(ChannelSettings settings, Setting<String> setting) {
		String name = setting.orElse(PROTO);
		if (name.equals(PROTO)) {
			return Codec.declared();
		}
		Map<String, Codec> ofBeans = this.beans.forChannel(settings.channel(), Codec.class, (beanName) -> true);
		Codec named = ofBeans.get(name);
		if (named != null) {
			return named;
		}
		for (Codec codec : ofBeans.values()) {
			if (codec.name().equals(name)) {
				return codec;
			}
		}
		if (name.equals(JSON)) {
			throw new ClientConnConfigurationException(setting,
					"Messages become JSON by the library protobuf-java-util, which is not on the class path.",
					"Add 'com.google.protobuf:protobuf-java-util', whose version Spring Boot manages, or define a bean of type dev.clientconn.Codec with the name 'json'.");
		}
		Set<String> names = new LinkedHashSet<>(List.of(PROTO, JSON));
		names.addAll(ofBeans.keySet());
		throw new IllegalArgumentException("unknown codec (expected: one of " + names + ")");
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
