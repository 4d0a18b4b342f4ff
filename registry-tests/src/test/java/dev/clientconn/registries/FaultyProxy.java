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

package dev.clientconn.registries;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Stands between an application and its registry, and has the registry go away and come
 * back at the same port. Each change ends the connections there are.
 */
final class FaultyProxy implements AutoCloseable {

	private static final byte[] ERROR_500 = ("HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/plain\r\n"
			+ "Content-Length: 9\r\nConnection: close\r\n\r\nno leader")
		.getBytes(StandardCharsets.US_ASCII);

	private final int target;

	private final int port;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	// Both under the monitor of this.

	private ServerSocket listener;

	private Thread acceptor;

	private volatile State state = new State(null);

	/**
	 * Starts to forward.
	 * @param target the port of the registry on loopback
	 */
	FaultyProxy(int target) {
		this.target = target;
		listen(0);
		this.port = this.listener.getLocalPort();
	}

	int port() {
		return this.port;
	}

	/** Has the registry go away. */
	void begin(Outage outage) {
		change(new State(outage));
	}

	/** Has the registry come back, if it was away. */
	void end() {
		if (this.state.outage != null) {
			change(new State(null));
		}
	}

	@Override
	public void close() {
		change(new State(Outage.REFUSED));
	}

	private synchronized void change(State next) {
		this.state = next;
		this.sockets.forEach(FaultyProxy::close);
		this.sockets.clear();
		if (next.outage == Outage.REFUSED) {
			close(this.listener);
		}
		else if (this.listener.isClosed()) {
			listen(this.port);
		}
	}

	private void listen(int port) {
		try {
			if (this.acceptor != null) {
				this.acceptor.join(); // The port is free only when accept() has ended.
			}
			this.listener = new ServerSocket();
			this.listener.setReuseAddress(true);
			this.listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("port " + port, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		ServerSocket from = this.listener;
		this.acceptor = run("accept", () -> accept(from));
	}

	private void accept(ServerSocket from) throws IOException {
		while (true) {
			Socket client = from.accept();
			State now = this.state;
			this.sockets.add(client);
			if (this.state != now) {
				close(client); // The change may not have seen it.
			}
			else if (now.outage == null) {
				run("forward", () -> forward(client, now));
			}
			else {
				run("outage", () -> refuse(client, now.outage));
			}
		}
	}

	private void forward(Socket client, State now) throws IOException {
		Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
		this.sockets.add(server);
		if (this.state != now) {
			close(server);
		}
		run("to registry", () -> pump(client, server));
		pump(server, client);
	}

	private static void pump(Socket from, Socket to) throws IOException {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		finally {
			close(from);
			close(to);
		}
	}

	private static void refuse(Socket client, Outage outage) throws IOException {
		InputStream in = client.getInputStream();
		byte[] request = new byte[16_384];
		while (in.read(request) >= 0) {
			if (outage == Outage.ERROR_500) {
				OutputStream out = client.getOutputStream();
				out.write(ERROR_500);
				client.shutdownOutput();
			}
		}
	}

	private static Thread run(String name, SocketTask task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// The sockets were closed: that is what this class is for.
			}
		}, "proxy " + name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private static void close(AutoCloseable socket) {
		try {
			socket.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Compared by identity: each change makes a new one. */
	private static final class State {

		private final @Nullable Outage outage;

		State(@Nullable Outage outage) {
			this.outage = outage;
		}

	}

	private interface SocketTask {

		void run() throws IOException;

	}

}
