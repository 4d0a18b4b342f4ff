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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to turn a message into its bytes and back: the marshaller's part
 * included, which is the larger one.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class FramingBenchmark implements MessageDeframer.Sink {

	private static final MethodDescriptor<Message, Message> METHOD = BenchGrpc.getUnaryMethod();

	private static final int LIMIT = 4 * 1024 * 1024;

	/** Bytes of the message. */
	@Param({ "100", "65536" })
	public int size;

	/** Bytes of the buffers that it arrives in, so that the large one spans several. */
	@Param("16384")
	public int read;

	private Message message;

	private ByteBuf[] received;

	private Message parsed;

	@Setup
	public void frame() {
		this.message = Message.newBuilder().setPayload(ByteString.copyFrom(new byte[this.size])).build();
		ByteBuf wire = Unpooled.wrappedBuffer(toBytes());
		this.received = new ByteBuf[(wire.readableBytes() + this.read - 1) / this.read];
		for (int i = 0; i < this.received.length; i++) {
			this.received[i] = Unpooled.directBuffer().writeBytes(wire, Math.min(this.read, wire.readableBytes()));
		}
	}

	@Benchmark
	public byte[] toBytes() {
		return MessageFramer.frame(METHOD.streamRequest(this.message), null, LIMIT);
	}

	@Benchmark
	public Message fromBytes() {
		MessageDeframer deframer = new MessageDeframer(LIMIT, this);
		for (ByteBuf buffer : this.received) {
			deframer.deframe(buffer);
			buffer.readerIndex(0);
		}
		return this.parsed;
	}

	@Override
	public void message(InboundMessage arrived) {
		try (arrived) {
			this.parsed = arrived.parse(METHOD, null, LIMIT, null);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void partial(int bytes) {
		// Nobody waits for credit.
	}

	@Override
	public void failed(Status status) {
		throw status.asRuntimeException();
	}

}
