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

import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import io.grpc.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the headers of a request cost a connection that has sent the same before: ours,
 * and the same fields in Netty's header list.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class HeadersBenchmark {

	/** Fields that the call adds. */
	@Param({ "0", "5" })
	public int metadata;

	private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();

	private final ByteBuf out = Unpooled.directBuffer(1024);

	private EventLoops loops;

	private RequestHeaders headers;

	private SharedHeaders shared;

	private EmbeddedChannel channel;

	private FrameWriter writer;

	private StreamHead head;

	@Setup
	public void open() {
		this.loops = EventLoops.shared();
		this.headers = RequestHeaders.ofThisLoop();
		this.shared = new SharedHeaders(new TransportOptions("bench", "localhost:8080", "bench/1", "gzip",
				TransportCredentials.insecure(), Dialer.tcp(), this.loops,
				new TransportOptions.Limits(TransportOptions.Limits.DEFAULT_MAX_INBOUND_METADATA_SIZE, 0,
						TransportOptions.Limits.DEFAULT_MAX_STREAM_ID),
				null));
		this.channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
		this.writer = new FrameWriter(this.channel.pipeline().lastContext(), null);
		Metadata fields = new Metadata();
		for (int i = 0; i < this.metadata; i++) {
			fields.put(Metadata.Key.of("x-field-" + i, Metadata.ASCII_STRING_MARSHALLER), "value of field " + i);
		}
		this.head = new StreamHead(BenchGrpc.getUnaryMethod(), null, null, MessageFormat.PLAIN, fields,
				StreamHead.DEFAULT_ON_READY_THRESHOLD, false);
	}

	@TearDown
	public void close() {
		this.writer.close();
		this.channel.finishAndReleaseAll();
		this.encoder.close();
		this.out.release();
		this.loops.close();
	}

	/** The frame, handed to the channel. */
	@Benchmark
	public boolean written() throws Http2Exception {
		this.headers.fill(this.head, this.shared, this.writer.prefix(this.head));
		this.writer.headers(1, this.head, this.headers, true);
		this.writer.flush();
		ByteBuf frame = this.channel.readOutbound();
		return frame.release();
	}

	/** The block alone, as a client on Netty's own classes does it. */
	@Benchmark
	public int encodedByNetty() throws Http2Exception {
		Http2Headers list = new DefaultHttp2Headers(false, 16).method("POST")
			.scheme("http")
			.path("/" + BenchGrpc.getUnaryMethod().getFullMethodName())
			.authority("localhost:8080")
			.add("content-type", "application/grpc")
			.add("user-agent", "bench/1")
			.add("te", "trailers")
			.add("grpc-accept-encoding", "gzip");
		for (int i = 0; i < this.metadata; i++) {
			list.add("x-field-" + i, "value of field " + i);
		}
		this.out.clear();
		this.encoder.encodeHeaders(1, list, this.out);
		return this.out.readableBytes();
	}

}
