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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sending half of a {@link Peer}: each method writes at once, checks nothing and
 * throws {@link UncheckedIOException} if the connection is gone.
 */
public abstract class PeerWriter {

	private final AtomicInteger settingsAcks = new AtomicInteger();

	private final FrameWriter writer;

	PeerWriter(FrameWriter writer) {
		this.writer = writer;
	}

	/**
	 * Sends SETTINGS; none at all makes an empty frame.
	 * @param codesAndValues pairs of setting code and value
	 */
	public void sendSettings(long... codesAndValues) {
		ByteBuffer payload = ByteBuffer.allocate(codesAndValues.length / 2 * 6);
		for (int i = 0; i < codesAndValues.length; i += 2) {
			payload.putShort((short) codesAndValues[i]).putInt((int) codesAndValues[i + 1]);
		}
		sendFrame(FrameType.SETTINGS, 0, 0, payload.array());
	}

	/**
	 * Sends SETTINGS with SETTINGS_MAX_CONCURRENT_STREAMS.
	 */
	public void sendMaxConcurrentStreams(long streams) {
		sendSettings(Frame.MAX_CONCURRENT_STREAMS, streams);
	}

	/**
	 * Sends SETTINGS with SETTINGS_INITIAL_WINDOW_SIZE.
	 */
	public void sendInitialWindow(long octets) {
		sendSettings(Frame.INITIAL_WINDOW_SIZE, octets);
	}

	/**
	 * Acknowledges the client's SETTINGS.
	 */
	public void sendSettingsAck() {
		this.settingsAcks.incrementAndGet();
		sendFrame(FrameType.SETTINGS, Frame.ACK, 0, new byte[0]);
	}

	/**
	 * Sends a header block, with continuations if it is large.
	 * @param streamId the stream
	 * @param endStream whether it ends the stream
	 * @param namesAndValues lower-case names, each followed by its value
	 */
	public void sendHeaders(int streamId, boolean endStream, String... namesAndValues) {
		io(() -> this.writer.headers(streamId, endStream, namesAndValues));
	}

	/**
	 * Sends the headers every gRPC response starts with.
	 */
	public void sendResponseHeaders(int streamId) {
		sendHeaders(streamId, false, ":status", "200", "content-type", "application/grpc");
	}

	/**
	 * Sends a whole unary response with status OK.
	 * @param streamId the stream
	 * @param message the message without its gRPC prefix
	 */
	public void sendResponse(int streamId, byte[] message) {
		sendResponseHeaders(streamId);
		sendMessage(streamId, message);
		sendTrailers(streamId, 0, null);
	}

	/**
	 * Sends one gRPC message.
	 * @param streamId the stream
	 * @param message the message without its gRPC prefix
	 */
	public void sendMessage(int streamId, byte[] message) {
		sendData(streamId, GrpcMessages.frame(message), 0, false);
	}

	/**
	 * Ends a stream whose headers have been sent.
	 * @param streamId the stream
	 * @param status the gRPC status code
	 * @param message the percent-encoded status message, or {@code null} for none
	 */
	public void sendTrailers(int streamId, int status, String message) {
		if (message == null) {
			sendHeaders(streamId, true, "grpc-status", Integer.toString(status));
		}
		else {
			sendHeaders(streamId, true, "grpc-status", Integer.toString(status), "grpc-message", message);
		}
	}

	/**
	 * Ends a stream with a response of nothing but a status.
	 * @param streamId the stream
	 * @param status the gRPC status code
	 * @param message the percent-encoded status message
	 */
	public void sendTrailersOnly(int streamId, int status, String message) {
		sendHeaders(streamId, true, ":status", "200", "content-type", "application/grpc", "grpc-status",
				Integer.toString(status), "grpc-message", message);
	}

	/**
	 * Sends octets in DATA frames of at most 16,384 octets, whatever the client's windows
	 * allow.
	 * @param streamId the stream
	 * @param octets the octets, which may be none
	 * @param padding octets of padding in each frame, 0 to 255
	 * @param endStream whether the last frame ends the stream
	 */
	public void sendData(int streamId, byte[] octets, int padding, boolean endStream) {
		io(() -> this.writer.data(streamId, octets, padding, endStream));
	}

	/**
	 * Sends RST_STREAM.
	 */
	public void sendRst(int streamId, long errorCode) {
		sendFrame(FrameType.RST_STREAM, 0, streamId, ByteBuffer.allocate(4).putInt((int) errorCode).array());
	}

	/**
	 * Sends GOAWAY.
	 * @param lastStreamId the last stream the server claims to process
	 * @param errorCode the code
	 * @param debugData text, which may be empty
	 */
	public void sendGoAway(int lastStreamId, long errorCode, String debugData) {
		byte[] text = debugData.getBytes(StandardCharsets.UTF_8);
		ByteBuffer payload = ByteBuffer.allocate(8 + text.length);
		payload.putInt(lastStreamId).putInt((int) errorCode).put(text);
		sendFrame(FrameType.GOAWAY, 0, 0, payload.array());
	}

	/**
	 * Sends PING.
	 */
	public void sendPing(long data) {
		sendFrame(FrameType.PING, 0, 0, ByteBuffer.allocate(8).putLong(data).array());
	}

	/**
	 * Acknowledges a PING.
	 */
	public void sendPingAck(long data) {
		sendFrame(FrameType.PING, Frame.ACK, 0, ByteBuffer.allocate(8).putLong(data).array());
	}

	/**
	 * Gives the client credit to send.
	 * @param streamId the stream, 0 for the connection
	 * @param increment octets
	 */
	public void sendWindowUpdate(int streamId, int increment) {
		sendFrame(FrameType.WINDOW_UPDATE, 0, streamId, ByteBuffer.allocate(4).putInt(increment).array());
	}

	/**
	 * Sends any frame, well-formed or not.
	 */
	public void sendFrame(FrameType type, int flags, int streamId, byte[] payload) {
		io(() -> this.writer.frame(type, flags, streamId, payload));
	}

	/**
	 * Sends a frame of any type code, defined or not.
	 */
	public void sendFrame(int type, int flags, int streamId, byte[] payload) {
		io(() -> this.writer.frame(type, flags, streamId, payload));
	}

	/**
	 * Sends octets as they are.
	 */
	public void sendRaw(byte[] octets) {
		io(() -> this.writer.raw(octets));
	}

	/**
	 * Returns how many SETTINGS were acknowledged.
	 */
	int settingsAcks() {
		return this.settingsAcks.get();
	}

	private static void io(Io io) {
		try {
			io.run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Something that writes. */
	private interface Io {

		void run() throws IOException;

	}

}
