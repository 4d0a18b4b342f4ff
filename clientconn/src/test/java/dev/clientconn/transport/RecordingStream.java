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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a stream has said.
 */
class RecordingStream implements StreamListener {

	final List<String> events = new ArrayList<>();

	final AtomicInteger readyCalls = new AtomicInteger();

	final AtomicInteger bytes = new AtomicInteger();

	private final CountDownLatch headersLatch = new CountDownLatch(1);

	private final CountDownLatch closedLatch = new CountDownLatch(1);

	private final java.io.ByteArrayOutputStream body = new java.io.ByteArrayOutputStream();

	volatile @Nullable Metadata headers;

	volatile @Nullable Metadata trailers;

	volatile @Nullable Status status;

	volatile @Nullable Processing processing;

	volatile @Nullable ClientStream autoConsume;

	@Override
	public synchronized void onReady() {
		this.readyCalls.incrementAndGet();
	}

	@Override
	public synchronized void onHeaders(Metadata headers) {
		this.events.add("headers");
		this.headers = headers;
		this.headersLatch.countDown();
	}

	@Override
	public synchronized void onData(ByteBuf data) {
		this.events.add("data");
		this.bytes.addAndGet(data.readableBytes());
		this.body.writeBytes(ByteBufUtil.getBytes(data));
		ClientStream stream = this.autoConsume;
		if (stream != null) {
			stream.consumed(data.readableBytes());
		}
	}

	@Override
	public synchronized void onReadComplete() {
		this.events.add("readComplete");
	}

	@Override
	public synchronized void onClosed(Status status, Processing processing, Metadata trailers) {
		this.events.add("closed");
		this.status = status;
		this.processing = processing;
		this.trailers = trailers;
		this.closedLatch.countDown();
	}

	synchronized byte[] body() {
		return this.body.toByteArray();
	}

	synchronized String text() {
		return new String(body(), StandardCharsets.UTF_8);
	}

	synchronized List<String> events() {
		return List.copyOf(this.events);
	}

	RecordingStream awaitHeaders() {
		await(this.headersLatch, "headers");
		return this;
	}

	RecordingStream awaitClosed() {
		await(this.closedLatch, "end");
		return this;
	}

	boolean isClosed() {
		return this.closedLatch.getCount() == 0;
	}

	static void await(CountDownLatch latch, String what) {
		try {
			if (!latch.await(10, TimeUnit.SECONDS)) {
				throw new AssertionError("no " + what + " within 10 s");
			}
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
