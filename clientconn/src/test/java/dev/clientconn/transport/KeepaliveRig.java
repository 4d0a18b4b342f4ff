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
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;

/**
 * A {@link Rig} whose time moves only when a test says so, and whose connections send
 * PINGs after {@link #TIME}, but no later than {@link #LATEST}.
 */
final class KeepaliveRig implements AutoCloseable {

	static final Duration TIME = Duration.ofSeconds(10);

	/** With all the jitter there may be. */
	static final Duration LATEST = Duration.ofMillis(11_500);

	static final KeepaliveParams PARAMS = new KeepaliveParams(TIME, Duration.ofSeconds(1), false);

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

	final ScriptedHttp2Server server = new ScriptedHttp2Server();

	final FakeScheduler scheduler = new FakeScheduler();

	final Rig rig = new Rig();

	KeepaliveRig() {
		this.rig.loops = this.rig.eventLoops.withScheduler(this.scheduler);
		this.rig.keepalive = PARAMS;
	}

	Peer handshake() {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.handshake();
		this.rig.events.awaitReady();
		heard(peer);
		return peer;
	}

	/** Returns when the client has read all that the peer has sent. */
	void heard(Peer peer) {
		peer.sendPing(1);
		peer.expectPingAck();
	}

	RecordingStream call(Peer peer) {
		RecordingStream call = unary();
		peer.expectHeaders();
		return call;
	}

	RecordingStream unary() {
		return this.rig.unary(transport(), Rig.ECHO, HELLO);
	}

	void elapse(Duration time) throws Exception {
		this.scheduler.advance(time);
		settle();
	}

	/**
	 * Goes from timer to timer until a PING has left: the event loop then reads no later
	 * time than that of the timer, and every time after it is exact.
	 * @return how long that took
	 */
	Duration elapseToPing() throws Exception {
		long before = pings();
		Duration start = this.scheduler.elapsed();
		while (pings() == before) {
			this.scheduler.advanceToNext();
			settle();
		}
		return this.scheduler.elapsed().minus(start);
	}

	/** Returns when the event loop has done what is due. */
	void settle() throws Exception {
		((Http2ClientTransport) transport()).loop().submit(() -> {
		}).get(10, TimeUnit.SECONDS);
	}

	long pings() {
		return transport().snapshot().keepalivesSent();
	}

	ClientTransport transport() {
		return this.rig.transport;
	}

	@Override
	public void close() {
		this.rig.close();
		this.server.close();
	}

}
