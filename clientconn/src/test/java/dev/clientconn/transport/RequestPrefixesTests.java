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
import java.util.concurrent.TimeUnit;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.logging.LogLevel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestPrefixes}, with Netty's decoder as the server.
 */
class RequestPrefixesTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private static final MethodDescriptor<?, ?> UNARY = EchoGrpc.getUnaryMethod();

	private static final MethodDescriptor<?, ?> STREAM = EchoGrpc.getServerStreamMethod();

	private static final Deadline.Ticker STOPPED = new Deadline.Ticker() {

		@Override
		public long nanoTime() {
			return 0;
		}

	};

	private final EventLoops loops = EventLoops.shared();

	private final SharedHeaders shared = new SharedHeaders(
			new TransportOptions("test", "localhost", "test/1", "gzip", TransportCredentials.insecure(), Dialer.tcp(),
					this.loops, new TransportOptions.Limits(TransportOptions.Limits.DEFAULT_MAX_INBOUND_METADATA_SIZE,
							0, TransportOptions.Limits.DEFAULT_MAX_STREAM_ID),
					null));

	private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());

	private FrameWriter writer = new FrameWriter(this.channel.pipeline().lastContext(), null);

	private final DefaultHttp2HeadersDecoder server = new DefaultHttp2HeadersDecoder(false);

	private final RequestHeaders headers = new RequestHeaders();

	@AfterEach
	void close() {
		this.writer.close();
		this.channel.finishAndReleaseAll();
		this.loops.close();
	}

	@Test
	void theCommonFieldsAreEncodedUntilTheTableHasThem() throws Http2Exception {
		StreamHead head = head(UNARY, new Metadata());

		int first = send(head);
		assertThat(this.writer.prefix(head)).isNull();
		int second = send(head);

		assertThat(first).isGreaterThan(100);
		assertThat(second).isEqualTo(8);
		assertThat(this.writer.prefix(head)).isNotNull();
		assertThat(send(head)).isEqualTo(second);
	}

	@Test
	void whatDiffersHasAnotherPrefix() throws Http2Exception {
		StreamHead head = known(head(UNARY, new Metadata()));

		assertThat(this.writer.prefix(head(UNARY, new Metadata()))).isSameAs(this.writer.prefix(head));
		assertThat(this.writer.prefix(head(STREAM, new Metadata()))).isNull();
		assertThat(this.writer.prefix(head(UNARY, "other", MessageFormat.PLAIN, null, new Metadata()))).isNull();
		assertThat(this.writer.prefix(head(UNARY, null, MessageFormat.of("json", null), null, new Metadata())))
			.isNull();
		assertThat(this.writer.prefix(head(UNARY, null, MessageFormat.of(null, "gzip"), null, new Metadata())))
			.isNull();
	}

	@Test
	void aFieldThatEntersTheTableEndsThePrefixes() throws Http2Exception {
		StreamHead head = known(head(UNARY, new Metadata()));

		send(head(UNARY, metadata("new", "value")));

		assertThat(this.writer.prefix(head)).isNull();
		send(head);
		assertThat(this.writer.prefix(head)).isNotNull();
	}

	@Test
	void fieldsThatStayOutOfTheTableLeaveThePrefixes() throws Http2Exception {
		StreamHead head = known(head(UNARY, new Metadata()));
		Deadline deadline = Deadline.after(5, TimeUnit.SECONDS, STOPPED);

		send(head(UNARY, null, MessageFormat.PLAIN, deadline, metadata("traceparent", "00-1-2-01")));
		send(head(UNARY, metadata("x-request-id", "z".repeat(1000))));

		assertThat(this.writer.prefix(head)).isNotNull();
	}

	@Test
	void aTableOfAnotherSizeEndsThePrefixes() throws Http2Exception {
		StreamHead head = known(head(UNARY, new Metadata()));

		tableSize(64);

		assertThat(this.writer.prefix(head)).isNull();
		send(head);
		send(head);
	}

	@Test
	void withoutATableThePrefixIsTheFieldsThemselves() throws Http2Exception {
		tableSize(0);
		StreamHead head = head(UNARY, new Metadata());

		send(head);
		int second = send(head);

		assertThat(second).isGreaterThan(100);
		RequestPrefixes.Prefix prefix = this.writer.prefix(head);
		assertThat(prefix).isNotNull();
		assertThat(prefix.bytes).hasSize(second);
	}

	@Test
	void aPrefixCountsInTheSizeOfTheList() throws Http2Exception {
		StreamHead head = known(head(UNARY, new Metadata()));
		StreamHead longer = head(UNARY, metadata("a", "b"));

		this.headers.fill(longer, this.shared, null);
		long size = this.headers.listSize();
		this.headers.fill(longer, this.shared, this.writer.prefix(head));

		assertThat(this.headers.size()).isOne();
		assertThat(this.headers.listSize()).isEqualTo(size);
	}

	@Test
	void whoLogsFramesSeesAllFields() throws Http2Exception {
		this.writer.close();
		this.writer = new FrameWriter(this.channel.pipeline().lastContext(), new Http2FrameLogger(LogLevel.TRACE));
		StreamHead head = head(UNARY, new Metadata());

		send(head);
		send(head);

		assertThat(this.writer.prefix(head)).isNull();
	}

	@Test
	void moreMethodsThanAreKeptAreSent() throws Http2Exception {
		List<StreamHead> heads = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			heads.add(head(UNARY.toBuilder().setFullMethodName("s/m" + i).build(), new Metadata()));
		}

		for (int round = 0; round < 3; round++) {
			for (StreamHead head : heads) {
				send(head);
			}
		}

		assertThat(this.writer.prefix(heads.get(39))).isNotNull();
		assertThat(heads).filteredOn((head) -> this.writer.prefix(head) != null).hasSizeLessThanOrEqualTo(16);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void whateverIsSentTheServerReads(long seed) throws Http2Exception {
		Random random = new Random(seed);
		String[] authorities = { null, "a.example", "b.example" };
		MessageFormat[] formats = { MessageFormat.PLAIN, MessageFormat.of("json", null),
				MessageFormat.of(null, "gzip") };
		int known = 0;
		for (int i = 0; i < 5_000; i++) {
			if (random.nextInt(100) == 0) {
				tableSize(List.of(0, 60, 400, 4096, 65_536).get(random.nextInt(5)));
			}
			Metadata metadata = new Metadata();
			for (int field = random.nextInt(40) - 35; field > 0; field--) {
				metadata.put(Metadata.Key.of("f" + random.nextInt(10), Metadata.ASCII_STRING_MARSHALLER),
						"v".repeat(random.nextInt(10) * random.nextInt(30)));
			}
			if (random.nextBoolean()) {
				metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), "t" + i);
			}
			StreamHead head = head(random.nextBoolean() ? UNARY : STREAM, authorities[random.nextInt(3)],
					formats[random.nextInt(3)], null, metadata);
			known += (this.writer.prefix(head) != null) ? 1 : 0;
			send(head);
		}
		assertThat(known).isBetween(300, 4_900);
	}

	/** Sends until the prefix is known. */
	private StreamHead known(StreamHead head) throws Http2Exception {
		send(head);
		send(head);
		assertThat(this.writer.prefix(head)).isNotNull();
		return head;
	}

	/** Sends HEADERS, and returns the size of the block that the server has read. */
	private int send(StreamHead head) throws Http2Exception {
		this.headers.fill(head, this.shared, null);
		String expected = this.headers.toString();
		this.headers.fill(head, this.shared, this.writer.prefix(head));

		this.writer.headers(1, head, this.headers, true);
		this.writer.flush();

		ByteBuf frame = this.channel.readOutbound();
		try {
			int length = frame.readUnsignedMedium();
			assertThat(frame.readByte()).isEqualTo(Http2FrameTypes.HEADERS);
			assertThat(frame.readUnsignedByte()).isEqualTo((short) (Http2Flags.END_HEADERS | Http2Flags.END_STREAM));
			assertThat(frame.readInt()).isOne();
			assertThat(frame.readableBytes()).isEqualTo(length);
			assertThat(text(this.server.decodeHeaders(1, frame))).isEqualTo(expected);
			return length;
		}
		finally {
			frame.release();
		}
	}

	/** What the server allows the table to be, and has told. */
	private void tableSize(int bytes) throws Http2Exception {
		this.server.maxHeaderTableSize(bytes);
		this.writer.apply(new Http2Settings().headerTableSize(bytes));
	}

	private static String text(Http2Headers list) {
		List<String> fields = new ArrayList<>();
		list.forEach((field) -> fields.add(field.getKey() + ": " + field.getValue()));
		return fields.toString();
	}

	private static Metadata metadata(String name, String value) {
		Metadata metadata = new Metadata();
		metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
		return metadata;
	}

	private static StreamHead head(MethodDescriptor<?, ?> method, Metadata metadata) {
		return head(method, null, MessageFormat.PLAIN, null, metadata);
	}

	private static StreamHead head(MethodDescriptor<?, ?> method, @Nullable String authority, MessageFormat format,
			@Nullable Deadline deadline, Metadata metadata) {
		return new StreamHead(method, authority, deadline, format, metadata, StreamHead.DEFAULT_ON_READY_THRESHOLD,
				false);
	}

}
