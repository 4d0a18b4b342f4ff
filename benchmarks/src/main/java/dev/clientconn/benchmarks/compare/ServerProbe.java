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

package dev.clientconn.benchmarks.compare;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;

/**
 * Asks the server how many connections it has accepted: the one thing about connections
 * that can be asked in the same way whatever the channel. Costs a line on a socket.
 */
final class ServerProbe implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 60_000;

	private final Socket socket = new Socket();

	private final BufferedReader answers;

	private final ServerAddress address;

	/**
	 * Connects to the server's {@link Counter}.
	 */
	ServerProbe(ServerAddress server) throws IOException {
		this.address = server;
		this.socket.connect(new InetSocketAddress("127.0.0.1", server.probePort()));
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.socket.setTcpNoDelay(true);
		this.answers = new BufferedReader(new InputStreamReader(this.socket.getInputStream(), StandardCharsets.UTF_8));
	}

	/** Of the server that is asked. */
	ServerAddress address() {
		return this.address;
	}

	/** How many connections there have been, closed ones included. */
	long accepted() throws IOException {
		return awaitAccepted(0);
	}

	/**
	 * Returns when there have been so many connections.
	 * @throws IOException after a minute
	 */
	long awaitAccepted(long count) throws IOException {
		this.socket.getOutputStream().write((count + "\n").getBytes(StandardCharsets.UTF_8));
		String answer = this.answers.readLine();
		if (answer == null) {
			throw new EOFException("the server is gone");
		}
		return Long.parseLong(answer);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** The server's side. */
	static final class Counter extends ServerTransportFilter {

		private long accepted;

		@Override
		public synchronized Attributes transportReady(Attributes attributes) {
			this.accepted++;
			notifyAll();
			return attributes;
		}

		private synchronized long awaitAccepted(long count) throws InterruptedException {
			while (this.accepted < count) {
				wait();
			}
			return this.accepted;
		}

		/** Answers one probe until it hangs up. */
		void serve(Socket probe) {
			try (probe) {
				probe.setTcpNoDelay(true);
				BufferedReader questions = new BufferedReader(
						new InputStreamReader(probe.getInputStream(), StandardCharsets.UTF_8));
				for (String line = questions.readLine(); line != null; line = questions.readLine()) {
					long accepted = awaitAccepted(Long.parseLong(line));
					probe.getOutputStream().write((accepted + "\n").getBytes(StandardCharsets.UTF_8));
				}
			}
			catch (IOException | InterruptedException ex) {
				// The client has gone.
			}
		}

	}

}
