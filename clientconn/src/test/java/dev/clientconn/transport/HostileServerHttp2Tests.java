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

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.clientconn.naming.Address;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a server says, each stream ends once, nothing is thrown and nothing leaks.
 */
class HostileServerHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	/** Another one finds other bugs; this one has to stay green. */
	private static final long SEED = Long.getLong("clientconn.fuzz.seed", 20260101);

	private static final int CASES = Integer.getInteger("clientconn.fuzz.cases", 2_000);

	private static final int STREAMS = 3;

	private static final int HEADERS = 1;

	private final BlockingQueue<ILoggingEvent> warnings = new LinkedBlockingQueue<>();

	private final Map<Status.Code, Integer> endings = new HashMap<>();

	@Test
	void everyStreamEndsOnceWhateverTheServerSays() throws Exception {
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
			@Override
			protected void append(ILoggingEvent event) {
				if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
					HostileServerHttp2Tests.this.warnings.add(event);
				}
			}
		};
		appender.start();
		root.addAppender(appender);
		try (ServerSocket listener = new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1"));
				EventLoops loops = EventLoops.shared()) {
			for (int i = 0; i < CASES; i++) {
				meet(SEED + i, listener, loops);
			}
		}
		finally {
			root.detachAppender(appender);
		}
		// Else the bytes are no longer as hostile as they are meant to be.
		assertThat(this.endings).containsKeys(Status.Code.OK, Status.Code.INTERNAL, Status.Code.UNAVAILABLE);
	}

	private void meet(long seed, ServerSocket listener, EventLoops loops) throws Exception {
		RecordingTransport events = new RecordingTransport();
		TransportOptions options = new TransportOptions("test", "localhost", "test", "",
				TransportCredentials.insecure(), Dialer.tcp(), loops, Rig.LIMITS, null);
		ClientTransport transport = TransportFactory.http2(options)
			.connect(Address.of("127.0.0.1:" + listener.getLocalPort()), Rig.TIMEOUT, events);
		List<RecordingStream> calls = new ArrayList<>();
		for (int i = 0; i < STREAMS; i++) {
			RecordingStream call = new RecordingStream();
			ClientStream stream = transport.newStream(Rig.head(Rig.BIDI), call);
			call.autoConsume = stream;
			// The second has more to say than a window, the third never ends.
			stream.write(Rig.frame(new byte[(i == 1) ? 100_000 : 10]));
			if (i < 2) {
				stream.halfClose();
			}
			stream.flush();
			calls.add(call);
		}

		try (Socket socket = listener.accept()) {
			serve(socket, HostileBytes.of(seed, STREAMS));
		}

		String what = "seed " + seed;
		assertThat(events.awaitClosed().getDescription()).as(what).doesNotContain("internal error");
		for (RecordingStream call : calls) {
			call.awaitClosed();
			this.endings.merge(call.status.getCode(), 1, Integer::sum);
		}
		// What was under way on the event loop is over: a second end would be seen.
		((Http2ClientTransport) transport).loop().submit(() -> {
		}).get(5, TimeUnit.SECONDS);
		for (RecordingStream call : calls) {
			assertThat(Collections.frequency(call.events(), "closed")).as(what).isOne();
			assertThat(call.events()).as(what).endsWith("closed");
		}
		assertThat(events.closedCalls).as(what).isOne();
		assertThat(transport.snapshot().activeStreams()).as(what).isZero();
		assertThat(this.warnings).as(what).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
	}

	/** Lets the client open its streams, says the bytes and hangs up. */
	private static void serve(Socket socket, byte[] bytes) throws IOException {
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(10_000);
		OutputStream out = socket.getOutputStream();
		out.write(HostileBytes.SETTINGS);
		DataInputStream in = new DataInputStream(socket.getInputStream());
		in.skipNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
		for (int opened = 0; opened < STREAMS;) {
			int lengthAndType = in.readInt();
			in.skipNBytes(5 + (lengthAndType >>> 8));
			if ((lengthAndType & 0xff) == HEADERS) {
				opened++;
			}
		}
		try {
			out.write(bytes);
			socket.shutdownOutput();
			in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The client has had enough before the end.
		}
	}

}
