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

package dev.clientconn.benchmarks.floor;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/**
 * One connection. What several calls send in a row leaves with one flush.
 * <p>
 * The peer's windows are ignored: the workloads that run on it have a few KiB under way,
 * and grpc-java's server has windows of 1 MiB.
 */
abstract class Wire {

	/** What the peer may send without credit, of a stream and in all. */
	static final int WINDOW = 4 << 20;

	static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");

	final IntObjectMap<FloorCall<?, ?>> calls = new IntObjectHashMap<>();

	private Channel channel;

	private boolean flushing;

	/** What the pipeline needs of this wire. */
	abstract ChannelHandler handler();

	/**
	 * Sends a message, and HEADERS before the call's first. On the event loop.
	 * @param framed a message with its prefix, or nothing
	 */
	abstract void send(FloorCall<?, ?> call, byte[] framed, boolean end);

	/** Called once, before any call. */
	void connected(Channel channel) {
		this.channel = channel;
	}

	Channel channel() {
		return this.channel;
	}

	void execute(Runnable task) {
		if (this.channel.eventLoop().inEventLoop()) {
			task.run();
			flushLater();
		}
		else {
			this.channel.eventLoop().execute(() -> {
				task.run();
				flushLater();
			});
		}
	}

	private void flushLater() {
		if (!this.flushing) {
			this.flushing = true;
			this.channel.eventLoop().execute(() -> {
				this.flushing = false;
				this.channel.flush();
			});
		}
	}

	/** The call of a stream. */
	FloorCall<?, ?> call(int stream) {
		FloorCall<?, ?> call = this.calls.get(stream);
		if (call == null) {
			throw new IllegalStateException("No call has stream " + stream);
		}
		return call;
	}

	void headers(int stream, Http2Headers headers, boolean end) {
		if (end) {
			CharSequence code = headers.get(GRPC_STATUS);
			Status status = (code != null && code.length() == 1 && code.charAt(0) == '0') ? Status.OK
					: Status.UNKNOWN.withDescription("The server answered " + headers);
			this.calls.remove(stream).ended(status);
		}
	}

	void data(int stream, ByteBuf data) {
		call(stream).received(data);
	}

	void lost(Throwable cause) {
		Status status = Status.UNAVAILABLE.withDescription("The connection is gone").withCause(cause);
		this.calls.values().forEach((call) -> call.ended(status));
		this.calls.clear();
	}

}
