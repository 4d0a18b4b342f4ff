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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import com.google.protobuf.ByteString;
import io.grpc.binarylog.v1.GrpcLogEntry;
import io.grpc.binarylog.v1.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The queue between calls and a disk.
 */
@ExtendWith(OutputCaptureExtension.class)
class LogWriterTests {

	private final Output output = new Output();

	@Test
	void closeWritesWhatWaits() {
		this.output.open();
		LogWriter writer = LogWriter.started("test", this.output);
		for (int i = 0; i < 100; i++) {
			writer.write(entry(i, 10));
		}
		writer.close();
		writer.write(entry(100, 10));

		assertThat(this.output.written).hasSize(100).isSorted();
		assertThat(this.output.closed).isTrue();
		assertThat(writer.dropped()).isZero();
	}

	@Test
	void whatDoesNotFitIsDroppedAndToldOnce(CapturedOutput console) throws Exception {
		LogWriter writer = LogWriter.started("test", this.output);
		writer.write(entry(0, 10));
		this.output.busy.await();
		for (int i = 1; i <= LogWriter.MAX_ENTRIES + 7; i++) {
			writer.write(entry(i, 10));
		}
		this.output.open();
		writer.close();

		assertThat(writer.dropped()).isEqualTo(7);
		assertThat(this.output.written).hasSize(LogWriter.MAX_ENTRIES + 1);
		assertThat(console.getAll().split("cannot keep up", -1)).hasSize(2);
		assertThat(console).contains("7 entries were dropped");
	}

	@Test
	void bytesThatWaitAreBounded() throws Exception {
		LogWriter writer = LogWriter.started("test", this.output);
		writer.write(entry(0, 10));
		this.output.busy.await();
		for (int i = 1; i <= 20; i++) {
			writer.write(entry(i, 1024 * 1024));
		}
		this.output.open();
		writer.close();

		assertThat(writer.dropped()).isEqualTo(5);
	}

	@Test
	void entryLargerThanTheBoundIsWritten() {
		this.output.open();
		LogWriter writer = LogWriter.started("test", this.output);
		writer.write(entry(1, (int) LogWriter.MAX_BYTES + 1));
		writer.close();

		assertThat(this.output.written).containsExactly(1L);
	}

	@Test
	void afterAFailureNothingFollows(CapturedOutput console) {
		this.output.open();
		this.output.failing = true;
		LogWriter writer = LogWriter.started("test", this.output);
		writer.write(entry(1, 10));
		writer.write(entry(2, 10));
		writer.close();

		assertThat(this.output.written).isEmpty();
		assertThat(console.getAll().split("is given up", -1)).hasSize(2);
	}

	private static GrpcLogEntry entry(long id, int bytes) {
		return GrpcLogEntry.newBuilder()
			.setCallId(id)
			.setMessage(Message.newBuilder().setData(ByteString.copyFrom(new byte[bytes])))
			.build();
	}

	/** Waits until it is opened. */
	private static final class Output implements LogOutput {

		private final List<Long> written = Collections.synchronizedList(new ArrayList<>());

		private final CountDownLatch busy = new CountDownLatch(1);

		private final CountDownLatch gate = new CountDownLatch(1);

		private volatile boolean failing;

		private volatile boolean closed;

		void open() {
			this.gate.countDown();
		}

		@Override
		public void write(GrpcLogEntry entry) throws IOException {
			this.busy.countDown();
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
			if (this.failing) {
				throw new IOException("no space left");
			}
			this.written.add(entry.getCallId());
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
