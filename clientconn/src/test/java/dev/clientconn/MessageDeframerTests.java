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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Codec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MessageDeframer} and {@link MessageFramer}, its opposite.
 */
@ExtendWith(LeakCheckExtension.class)
class MessageDeframerTests implements MessageDeframer.Sink {

	private final List<byte[]> messages = new ArrayList<>();

	private final List<Boolean> compressed = new ArrayList<>();

	private final MessageDeframer deframer = new MessageDeframer(1000, this);

	private int owed;

	/** Whether the next message is left in {@link #kept}. */
	private boolean keep;

	private InboundMessage kept;

	private Status failure = Status.OK;

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4, 5, 6, 7, 100, 2000 })
	void messagesComeWholeHoweverTheyAreCut(int piece) {
		byte[] wire = concat(frame(new byte[0]), frame(new byte[] { 1, 2, 3 }), frame(new byte[1000]));
		for (int from = 0; from < wire.length; from += piece) {
			feed(Arrays.copyOfRange(wire, from, Math.min(wire.length, from + piece)));
		}

		assertThat(this.messages).extracting((message) -> message.length).containsExactly(0, 3, 1000);
		assertThat(this.messages.get(1)).containsExactly(1, 2, 3);
		assertThat(this.owed).as("every byte is owed exactly once").isEqualTo(wire.length);
		assertThat(this.deframer.isPartial()).isFalse();
	}

	@Test
	void largeMessageIsReadFromItsPieces() throws IOException {
		byte[] message = new byte[20_000];
		new Random(1).nextBytes(message);
		byte[] wire = frame(message);
		MessageDeframer large = new MessageDeframer(message.length, this);
		int from = 0;
		for (int size : new int[] { 3, 1500, 100, 1000, 1024, 5000, 1, 12_000 }) {
			int to = Math.min(wire.length, from + size);
			ByteBuf data = ByteBufAllocator.DEFAULT.buffer().writeBytes(wire, from, to - from);
			this.keep = true;
			large.deframe(data);
			data.release();
			from = to;
		}

		assertThat(from).isEqualTo(wire.length);
		assertThat(this.owed).as("every byte is owed exactly once").isEqualTo(wire.length);
		try (InboundMessage whole = this.kept) {
			assertThat(whole.available()).isEqualTo(message.length);
			assertThat(whole.read()).isEqualTo(message[0] & 0xff);
			assertThat(whole.skip(4000)).isEqualTo(4000);
			assertThat(whole.available()).isEqualTo(message.length - 4001);
			assertThat(whole.readNBytes(10_000)).containsExactly(Arrays.copyOfRange(message, 4001, 14_001));
			assertThat(whole.skip(100_000)).isEqualTo(message.length - 14_001);
			assertThat(whole.read()).isEqualTo(-1);
			assertThat(whole.read(new byte[1], 0, 1)).isEqualTo(-1);
		}
	}

	@Test
	void piecesOfAMessageThatNeverEndsAreReleased() {
		byte[] wire = frame(new byte[900]);
		feed(Arrays.copyOf(wire, 100));
		feed(Arrays.copyOf(wire, 100));

		this.deframer.close();
		assertThat(this.messages).isEmpty();
	}

	@Test
	void piecesOfAnUnreadMessageAreReleased() {
		byte[] wire = frame(new byte[5000]);
		MessageDeframer large = new MessageDeframer(5000, this);
		this.keep = true;
		for (int from = 0; from < wire.length; from += 2000) {
			ByteBuf data = ByteBufAllocator.DEFAULT.buffer().writeBytes(wire, from, Math.min(2000, wire.length - from));
			large.deframe(data);
			data.release();
		}

		this.kept.close();
		this.kept.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 2000 })
	void tooLargeMessageFailsAndTheRestIsDropped(int piece) {
		byte[] wire = frame(new byte[1001]);
		for (int from = 0; from < wire.length; from += piece) {
			feed(Arrays.copyOfRange(wire, from, Math.min(wire.length, from + piece)));
		}

		assertThat(this.failure.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(this.failure.getDescription()).contains("1000: 1001");
		assertThat(this.messages).isEmpty();
		assertThat(this.owed).isEqualTo(wire.length);
	}

	@Test
	void unknownFlagsFail() {
		byte[] wire = frame(new byte[1]);
		wire[0] = 2;
		feed(wire);

		assertThat(this.failure.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(this.failure.getDescription()).contains("flag byte 2");
	}

	@Test
	void lengthAboveTwoGigabytesFails() {
		feed(new byte[] { 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1 });

		assertThat(this.failure.getDescription()).contains("4294967295");
	}

	@Test
	void endInsideAMessageIsPartial() {
		feed(new byte[] { 0, 0, 0, 0, 9, 1 });
		assertThat(this.deframer.isPartial()).isTrue();

		this.deframer.close();
		feed(new byte[8]);
		assertThat(this.messages).isEmpty();
	}

	@Test
	void compressedMessagesAreTold() {
		feed(MessageFramer.frame(new ByteArrayInputStream(new byte[500]), new Codec.Gzip(), 500));

		assertThat(this.compressed).containsExactly(true);
		assertThat(this.messages.get(0).length).isLessThan(500);
	}

	@Test
	void framerRefusesWhatIsTooLarge() {
		assertThatExceptionOfType(StatusRuntimeException.class)
			.isThrownBy(() -> MessageFramer.frame(new ByteArrayInputStream(new byte[501]), null, 500))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
		assertThat(MessageFramer.frame(new ByteArrayInputStream(new byte[500]), null, 500)).hasSize(505)
			.startsWith(0, 0, 0, 1, 0xf4);
	}

	@Override
	public void message(InboundMessage message) {
		this.owed += message.owedBytes();
		if (this.keep) {
			this.kept = message;
			return;
		}
		this.compressed.add(message.isCompressed());
		byte[] bytes = new byte[message.available()];
		assertThat(message.read(bytes, 0, bytes.length)).isEqualTo((bytes.length > 0) ? bytes.length : 0);
		this.messages.add(bytes);
		message.close();
	}

	@Override
	public void partial(int bytes) {
		this.owed += bytes;
	}

	@Override
	public void failed(Status status) {
		this.failure = status;
	}

	private void feed(byte[] bytes) {
		ByteBuf data = ByteBufAllocator.DEFAULT.buffer().writeBytes(bytes);
		this.deframer.deframe(data);
		assertThat(data.isReadable()).isFalse();
		data.release();
	}

	private static byte[] frame(byte[] message) {
		return MessageFramer.frame(new ByteArrayInputStream(message), null, Integer.MAX_VALUE);
	}

	private static byte[] concat(byte[]... parts) {
		java.io.ByteArrayOutputStream joined = new java.io.ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
