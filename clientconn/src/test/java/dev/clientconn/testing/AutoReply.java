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

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Behaves for a {@link Peer} as a server should: acknowledges, gives credit back and
 * answers requests. Runs on one thread of the peer until the connection ends.
 */
public final class AutoReply implements PeerTask {

	private final Peer peer;

	private final FrameLog log;

	private final Handler handler;

	private final Map<Integer, Request> requests = new HashMap<>();

	private int settings;

	AutoReply(Peer peer, FrameLog log, Handler handler) {
		this.peer = peer;
		this.log = log;
		this.handler = handler;
	}

	@Override
	public void run() throws Exception {
		Frame frame;
		for (int i = 0; (frame = this.log.get(i)) != null; i++) {
			if (!frame.ack()) {
				answer(frame);
			}
		}
	}

	private void answer(Frame frame) throws Exception {
		switch (frame.type()) {
			case SETTINGS -> {
				// The script may have acknowledged it before the auto mode began.
				this.settings++;
				if (this.settings > this.peer.settingsAcks()) {
					this.peer.sendSettingsAck();
				}
			}
			case PING -> this.peer.sendPingAck(frame.pingData());
			case HEADERS -> {
				this.requests.put(frame.streamId(), new Request(frame));
				endIfComplete(frame);
			}
			case DATA -> {
				if (frame.payload().length > 0) {
					this.peer.sendWindowUpdate(0, frame.payload().length);
					if (!frame.endStream()) {
						this.peer.sendWindowUpdate(frame.streamId(), frame.payload().length);
					}
				}
				Request request = this.requests.get(frame.streamId());
				if (request != null) {
					request.messages.add(frame.data());
				}
				endIfComplete(frame);
			}
			case RST_STREAM -> this.requests.remove(frame.streamId());
			default -> {
			}
		}
	}

	private void endIfComplete(Frame frame) throws Exception {
		if (!frame.endStream()) {
			return;
		}
		Request request = this.requests.remove(frame.streamId());
		if (request != null && this.handler != null) {
			byte[] message = request.messages.poll();
			Reply reply = this.handler.handle(frame.streamId(), request.headers,
					(message != null) ? message : new byte[0]);
			reply.sender.accept(this.peer, frame.streamId());
		}
	}

	/**
	 * Answers one complete request.
	 */
	@FunctionalInterface
	public interface Handler {

		/**
		 * Returns the answer to a request.
		 * @param streamId the stream
		 * @param headers the HEADERS frame
		 * @param message the first gRPC message, empty if there was none
		 * @return what to send
		 * @throws Exception to fail the test that closes the server
		 */
		Reply handle(int streamId, Frame headers, byte[] message) throws Exception;

	}

	/**
	 * What to answer to one request.
	 */
	public static final class Reply {

		private final BiConsumer<Peer, Integer> sender;

		private Reply(BiConsumer<Peer, Integer> sender) {
			this.sender = sender;
		}

		/**
		 * Answers with a message and status OK.
		 */
		public static Reply message(byte[] message) {
			return new Reply((peer, streamId) -> peer.sendResponse(streamId, message));
		}

		/**
		 * Answers with a status alone.
		 */
		public static Reply status(int code, String message) {
			return new Reply((peer, streamId) -> peer.sendTrailersOnly(streamId, code, message));
		}

		/**
		 * Resets the stream.
		 */
		public static Reply rst(long errorCode) {
			return new Reply((peer, streamId) -> peer.sendRst(streamId, errorCode));
		}

		/**
		 * Answers in any other way.
		 */
		public static Reply with(BiConsumer<Peer, Integer> sender) {
			return new Reply(sender);
		}

		/**
		 * Leaves the request without an answer.
		 */
		public static Reply none() {
			return new Reply((peer, streamId) -> {
			});
		}

	}

	/** A request that is being received. */
	private static final class Request {

		private final Frame headers;

		private final GrpcMessages messages = new GrpcMessages();

		Request(Frame headers) {
			this.headers = headers;
		}

	}

}
