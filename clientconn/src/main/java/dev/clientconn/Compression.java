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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

/**
 * Which compressions a ClientConn speaks: those of grpc-api's registries, and those of
 * its options. Identity is {@code null} throughout.
 */
final class Compression {

	private static final Metadata.Key<String> GRPC_ENCODING = Metadata.Key.of("grpc-encoding",
			Metadata.ASCII_STRING_MARSHALLER);

	private static final String IDENTITY = Codec.Identity.NONE.getMessageEncoding();

	/** What is accepted without options. */
	private static final String ACCEPTED = accepted(DecompressorRegistry.getDefaultInstance());

	private static final Compression NONE = new Compression(null, List.of(), List.of());

	private final Map<String, Compressor> compressors;

	private final DecompressorRegistry decompressors;

	private final @Nullable Compressor standard;

	private Compression(@Nullable Compressor standard, List<Compressor> more, List<Decompressor> decompressors) {
		DecompressorRegistry registry = DecompressorRegistry.getDefaultInstance();
		for (Decompressor decompressor : decompressors) {
			registry = registry.with(decompressor, true);
		}
		this.decompressors = registry;
		this.standard = standard;
		this.compressors = compressors(standard, more);
	}

	/** Most options name none, and share one. */
	static Compression of(DialOptions options) {
		boolean none = options.compressor == null && options.compressors.isEmpty() && options.decompressors.isEmpty();
		return none ? NONE : new Compression(options.compressor, options.compressors, options.decompressors);
	}

	private static Map<String, Compressor> compressors(@Nullable Compressor standard, List<Compressor> more) {
		if (standard == null && more.isEmpty()) {
			return Map.of();
		}
		Map<String, Compressor> compressors = new HashMap<>();
		if (standard != null) {
			compressors.put(standard.getMessageEncoding(), standard);
		}
		for (Compressor compressor : more) {
			compressors.put(compressor.getMessageEncoding(), compressor);
		}
		return compressors;
	}

	/** Returns the {@code grpc-accept-encoding} of calls. */
	String accepted() {
		return (this.decompressors != DecompressorRegistry.getDefaultInstance()) ? accepted(this.decompressors)
				: ACCEPTED;
	}

	private static String accepted(DecompressorRegistry decompressors) {
		return String.join(",", decompressors.getAdvertisedMessageEncodings());
	}

	/**
	 * Returns what compresses the requests of a call.
	 * @param name the name in its options, {@code null} for the one of the ClientConn
	 * @throws StatusException INTERNAL if there is none of that name
	 */
	@Nullable Compressor compressor(@Nullable String name) throws StatusException {
		Compressor found = (name != null) ? lookUp(name) : this.standard;
		if (name != null && found == null) {
			throw Status.INTERNAL.withDescription("unable to find a compressor by name \"" + name + "\"").asException();
		}
		return (found != Codec.Identity.NONE) ? found : null;
	}

	/**
	 * Returns what decompresses the responses of a call.
	 * @param headers its response headers
	 * @throws StatusException INTERNAL if the server uses one that we do not have
	 */
	@Nullable Decompressor decompressor(Metadata headers) throws StatusException {
		String encoding = headers.get(GRPC_ENCODING);
		if (encoding == null || encoding.equals(IDENTITY)) {
			return null;
		}
		Decompressor found = this.decompressors.lookupDecompressor(encoding);
		if (found == null) {
			throw Status.INTERNAL
				.withDescription("no decompressor is installed for grpc-encoding \"" + encoding + "\" (accepted: "
						+ this.decompressors.getAdvertisedMessageEncodings() + ")")
				.asException();
		}
		return found;
	}

	private @Nullable Compressor lookUp(String name) {
		Compressor own = this.compressors.get(name);
		return (own != null) ? own : CompressorRegistry.getDefaultInstance().lookupCompressor(name);
	}

}
