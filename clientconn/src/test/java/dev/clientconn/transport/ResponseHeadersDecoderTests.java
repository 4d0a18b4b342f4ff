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

package dev.clientconn.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResponseHeadersDecoder}, with Netty's encoder as the server.
 */
class ResponseHeadersDecoderTests {

	private final DefaultHttp2HeadersEncoder server = new DefaultHttp2HeadersEncoder(
			(name, value) -> name.toString().startsWith("secret"));

	private final ResponseHeadersDecoder decoder = new ResponseHeadersDecoder(8192);

	/** What all blocks are decoded into that are not kept. */
	private final Http2Headers shared = this.decoder.newHeaders();

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void theSameIndexesAreDecodedOnce() throws Http2Exception {
		decode(encode(response()));
		Http2Headers known = known(encode(response()));
		Http2Headers third = decode(encode(response()));

		assertThat(third).isSameAs(known);
		assertThat(((ResponseHeaders) third).toMetadata().keys()).containsExactlyInAnyOrder("content-type",
				"grpc-encoding");
		assertThat(third.status()).hasToString("200");
	}

	@Test
	void aBlockThatChangesTheTableEndsWhatWasKnown() throws Http2Exception {
		decode(encode(response()));
		Http2Headers known = known(encode(response()));

		decode(encode(response().add("new", "1")));

		assertThat(decode(encode(response()))).isNotSameAs(known);
		assertThat(known(encode(response()))).isNotSameAs(known);
	}

	@Test
	void nothingIsKeptWhereEachResponseHasAFieldOfItsOwn() throws Http2Exception {
		decode(encode(response()));
		known(encode(response()));
		Http2Headers trailers = new DefaultHttp2Headers().add("grpc-status", "0");
		decode(encode(trailers));
		List<Boolean> kept = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			decode(encode(response().add("own", "" + i)));
			kept.add(decode(encode(trailers)) != this.shared);
		}

		assertThat(kept).containsOnly(false);
	}

	@Test
	void theSameIndexMeansAnotherFieldOnceTheTableHasMore() throws Http2Exception {
		decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("40" + "0161" + "0131")));
		Http2Headers before = known(index(62));
		assertThat(before.get("a")).hasToString("1");
		decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("40" + "0162" + "0132")));

		Http2Headers after = decode(index(62));

		assertThat(after.get("a")).isNull();
		assertThat(after.get("b")).hasToString("2");
	}

	@Test
	void aTableCutDownToNothingHasNoIndexes() throws Http2Exception {
		decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("40" + "0161" + "0131")));
		known(index(62));
		decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("20")));

		assertThatExceptionOfType(Http2Exception.class).isThrownBy(() -> decode(index(62)));
	}

	@Test
	void aListThatIsTooLargeIsRefusedEachTime() throws Http2Exception {
		this.decoder.maxHeaderListSize(100, 10_000);
		Http2Headers large = response().add("large", "x".repeat(100));
		for (int i = 0; i < 9; i++) {
			ByteBuf block = encode(large);
			assertThatExceptionOfType(HeaderListSizeException.class).isThrownBy(() -> decode(block));
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void saysWhatNettysDecoderSays(long seed) throws Http2Exception {
		DefaultHttp2HeadersDecoder plain = new DefaultHttp2HeadersDecoder(false);
		Random random = new Random(seed);
		int kept = 0;
		for (int i = 0; i < 5_000; i++) {
			if (random.nextInt(100) == 0) {
				this.server.maxHeaderTableSize(random.nextInt(5) * 1000);
			}
			Http2Headers sent = random.nextBoolean() ? response() : new DefaultHttp2Headers().add("grpc-status", "0");
			for (int more = random.nextInt(100) - 90; more > 0; more--) {
				sent.add((random.nextBoolean() ? "secret" : "f") + random.nextInt(30), "v" + random.nextInt(3));
			}
			ByteBuf block = encode(sent);

			Http2Headers expected = plain.decodeHeaders(1, block.duplicate());
			Http2Headers decoded = decode(block);

			assertThat(fields(decoded)).containsExactlyInAnyOrderElementsOf(fields(expected));
			kept += (decoded != this.shared) ? 1 : 0;
		}
		assertThat(kept).isBetween(100, 4_900);
	}

	private ByteBuf encode(Http2Headers headers) throws Http2Exception {
		ByteBuf block = Unpooled.buffer();
		this.server.encodeHeaders(1, headers, block);
		return block;
	}

	private Http2Headers decode(ByteBuf block) throws Http2Exception {
		Http2Headers decoded = this.decoder.decodeHeaders(1, block);
		assertThat(block.isReadable()).isFalse();
		return decoded;
	}

	/** Decodes a block until it is known. */
	private Http2Headers known(ByteBuf block) throws Http2Exception {
		for (int i = 0; i < 10; i++) {
			Http2Headers decoded = decode(block.duplicate());
			if (decoded != this.shared) {
				return decoded;
			}
		}
		throw new AssertionError("not kept");
	}

	private static ByteBuf index(int index) {
		return Unpooled.wrappedBuffer(new byte[] { (byte) (0x80 | index) });
	}

	private static Http2Headers response() {
		return new DefaultHttp2Headers().status("200")
			.add("content-type", "application/grpc")
			.add("grpc-encoding", "identity");
	}

	/** Of our own list, too, which keeps apart what the transport looks at. */
	private static List<String> fields(Http2Headers headers) {
		List<String> fields = new ArrayList<>();
		headers.forEach((field) -> fields.add(field.getKey() + "=" + field.getValue()));
		if (headers instanceof ResponseHeaders ours) {
			if (ours.httpStatus() != null) {
				fields.add(":status=" + ours.httpStatus());
			}
			if (ours.grpcStatus() != null) {
				fields.add("grpc-status=" + ours.grpcStatus());
			}
		}
		return fields;
	}

}
