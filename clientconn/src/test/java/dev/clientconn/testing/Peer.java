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

package dev.clientconn.testing;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * One accepted connection of a {@link ScriptedHttp2Server}: the test writes any frames it
 * likes and takes what the client sent.
 * <p>
 * A thread reads all the time, so nothing the client sends is lost or blocks; but nothing
 * is answered unless the script does it or {@link #autoReply()} is on. The {@code expect}
 * methods take the first frame not taken yet that fits and leave the others; they fail
 * after {@link #TIMEOUT}, or at once when the frame cannot come any more, with a list of
 * all frames. Any thread may call any method.
 */
public final class Peer extends PeerWriter {

	/** How long the {@code expect} methods wait. */
	public static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final PeerConnection connection;

	private final FrameLog log;

	private final Map<Integer, GrpcMessages> messages = new ConcurrentHashMap<>();

	Peer(PeerConnection connection) {
		super(connection.writer());
		this.connection = connection;
		this.log = connection.log();
	}

	/**
	 * Returns the position of this connection, from 0.
	 */
	public int index() {
		return this.connection.index();
	}

	/**
	 * Returns {@link System#nanoTime()} when the connection was accepted.
	 */
	public long acceptedAtNanos() {
		return this.connection.acceptedAtNanos();
	}

	/**
	 * Returns all frames the client has sent so far, taken or not.
	 */
	public List<Frame> frames() {
		return this.log.all();
	}

	/**
	 * Returns all frames of some types the client has sent so far, taken or not.
	 */
	public List<Frame> frames(FrameType... types) {
		return this.log.all().stream().filter(ofType(types)).toList();
	}

	/**
	 * Returns all frames so far with their times, for failure messages.
	 */
	public String describe() {
		return this.log.describe();
	}

	/**
	 * Tells whether neither the client has closed the connection nor the server dropped
	 * it.
	 */
	public boolean isOpen() {
		return this.log.ended() == null;
	}

	/**
	 * Waits for the client's preface.
	 */
	public void readPreface() {
		this.log.awaitPreface(TIMEOUT);
	}

	boolean leftWithoutAWord() {
		return this.log.ended() != null && frames().isEmpty();
	}

	/**
	 * Does what a well-behaved server starts with: reads the preface, exchanges empty
	 * SETTINGS and acknowledges the client's.
	 * @param codesAndValues pairs of setting code and value to send
	 * @return the client's SETTINGS
	 */
	public Frame handshake(long... codesAndValues) {
		sendSettings(codesAndValues);
		readPreface();
		Frame settings = expect(FrameType.SETTINGS);
		sendSettingsAck();
		expectSettingsAck();
		return settings;
	}

	/**
	 * Takes the next frame, whatever it is.
	 */
	public Frame takeFrame(Duration timeout) {
		return this.log.take(timeout, "a frame", (frame) -> true, (frame) -> false);
	}

	/**
	 * Takes the next frame that has one of some types and is no acknowledgement.
	 */
	public Frame expect(FrameType... types) {
		return expect(Arrays.toString(types), ofType(types).and((frame) -> !frame.ack()));
	}

	/**
	 * Takes the next frame that fits a condition.
	 * @param what the condition in words
	 */
	public Frame expect(String what, Predicate<Frame> wanted) {
		return this.log.take(TIMEOUT, what, wanted, (frame) -> false);
	}

	/**
	 * Takes the next frame of a type on a stream; fails at once if the client resets that
	 * stream instead.
	 */
	public Frame expect(FrameType type, int streamId) {
		return this.log.take(TIMEOUT, type + " on stream " + streamId,
				(frame) -> frame.type() == type && frame.streamId() == streamId && !frame.ack(),
				(frame) -> frame.type() == FrameType.RST_STREAM && frame.streamId() == streamId && streamId != 0);
	}

	/**
	 * Takes the HEADERS of a stream.
	 */
	public Frame expectHeaders(int streamId) {
		return expect(FrameType.HEADERS, streamId);
	}

	/**
	 * Takes the next HEADERS of any stream.
	 */
	public Frame expectHeaders() {
		return expect(FrameType.HEADERS);
	}

	/**
	 * Takes the next DATA frame of a stream.
	 */
	public Frame expectData(int streamId) {
		return expect(FrameType.DATA, streamId);
	}

	/**
	 * Takes DATA frames of a stream until they hold the next gRPC message.
	 * @return the message without its prefix
	 */
	public byte[] expectMessage(int streamId) {
		GrpcMessages messages = this.messages.computeIfAbsent(streamId, (id) -> new GrpcMessages());
		byte[] message;
		while ((message = messages.poll()) == null) {
			messages.add(expectData(streamId).data());
		}
		return message;
	}

	/**
	 * Takes the RST_STREAM of a stream.
	 */
	public Frame expectRst(int streamId) {
		return expect("RST_STREAM on stream " + streamId,
				(frame) -> frame.type() == FrameType.RST_STREAM && frame.streamId() == streamId);
	}

	/**
	 * Takes the RST_STREAM of a stream and checks its code.
	 */
	public Frame expectRst(int streamId, long errorCode) {
		Frame frame = expectRst(streamId);
		if (frame.errorCode() != errorCode) {
			throw new AssertionError("expected RST_STREAM code " + errorCode + " but got " + frame + describe());
		}
		return frame;
	}

	/**
	 * Takes the client's GOAWAY.
	 */
	public Frame expectGoAway() {
		return expect(FrameType.GOAWAY);
	}

	/**
	 * Takes a PING that is no acknowledgement.
	 */
	public Frame expectPing() {
		return expect(FrameType.PING);
	}

	/**
	 * Takes a PING acknowledgement.
	 */
	public Frame expectPingAck() {
		return expect("PING ack", (frame) -> frame.type() == FrameType.PING && frame.ack());
	}

	/**
	 * Takes a SETTINGS acknowledgement.
	 */
	public Frame expectSettingsAck() {
		return expect("SETTINGS ack", (frame) -> frame.type() == FrameType.SETTINGS && frame.ack());
	}

	/**
	 * Takes the next WINDOW_UPDATE of a stream, 0 for the connection.
	 */
	public Frame expectWindowUpdate(int streamId) {
		return expect(FrameType.WINDOW_UPDATE, streamId);
	}

	/**
	 * Waits until the client has closed the connection.
	 * @return how it ended: {@code EOF}, or a text that says what happened
	 */
	public String expectEof() {
		return this.log.awaitEnd(TIMEOUT);
	}

	/**
	 * Fails if an untaken frame of some types is there or arrives within a time.
	 */
	public void expectNone(Duration window, FrameType... types) {
		this.log.awaitNone(window, Arrays.toString(types), ofType(types).and((frame) -> !frame.ack()));
	}

	/**
	 * Acknowledges SETTINGS and PING and returns flow-control credit from now on, for
	 * frames already received too.
	 */
	public void autoReply() {
		autoReply(null);
	}

	/**
	 * As {@link #autoReply()}, and answers each complete request.
	 * @param handler runs on a thread of this peer, one request at a time
	 */
	public void autoReply(AutoReply.Handler handler) {
		this.connection.start("auto", new AutoReply(this, this.log, handler));
	}

	/**
	 * Reads and says nothing until the connection ends: the whole rest of a script.
	 */
	public void hang() {
		this.log.awaitEnd(Duration.ofHours(1));
	}

	/**
	 * Stops reading, after at most one more frame, so that the client's writes back up.
	 */
	public void pauseReading() {
		this.connection.pauseReading(true);
	}

	/**
	 * Reads again.
	 */
	public void resumeReading() {
		this.connection.pauseReading(false);
	}

	/**
	 * Closes the connection at once, with a TCP reset.
	 */
	public void drop() {
		this.connection.reset("dropped by the server");
	}

	/**
	 * Ends the sending half in an orderly way: the client reads all that was sent, then
	 * EOF. The connection stays open until the client closes it too.
	 */
	public void close() {
		this.connection.shutdownOutput();
	}

	private static Predicate<Frame> ofType(FrameType... types) {
		List<FrameType> wanted = List.of(types);
		return (frame) -> wanted.contains(frame.type());
	}

	@Override
	public String toString() {
		return this.connection.name();
	}

}
