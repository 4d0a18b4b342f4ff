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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

import dev.clientconn.naming.Address;
import io.netty.pkitesting.X509Bundle;

/**
 * A listener on loopback whose every connection does exactly what the test says: the
 * server to have when a client is to be seen misbehaving, or a server is to misbehave.
 * <p>
 * Connection {@code i} runs script {@code i}, further connections the last one; without
 * scripts the test drives the {@link Peer} it gets from {@link #accept()}.
 * {@link #close()} fails with what went wrong in scripts, but for writes to a client that
 * has gone, or that left before it said a word, which just end them. Each thread is a
 * daemon.
 */
public final class ScriptedHttp2Server implements AutoCloseable {

	private final ServerSocket listener;

	private final List<Script> scripts;

	private final Thread acceptor;

	private final List<PeerConnection> connections = new ArrayList<>();

	private final List<Peer> peers = new ArrayList<>();

	private int accepted;

	private AssertionError failure;

	private boolean closing;

	/**
	 * Starts to listen in plain text.
	 * @param scripts what to do with each connection, or none to drive them by hand
	 */
	public ScriptedHttp2Server(Script... scripts) {
		this(listenPlain(), scripts);
	}

	private ScriptedHttp2Server(ServerSocket listener, Script... scripts) {
		this.listener = listener;
		this.scripts = List.of(scripts);
		this.acceptor = new Thread(this::acceptLoop, "scripted-http2-accept-" + port());
		this.acceptor.setDaemon(true);
		this.acceptor.start();
	}

	/**
	 * Starts to listen with TLS and ALPN {@code h2}.
	 * @param certificate the server's certificate and key
	 * @param scripts what to do with each connection
	 * @return the server
	 */
	public static ScriptedHttp2Server tls(X509Bundle certificate, Script... scripts) {
		return tls(certificate, List.of("h2"), scripts);
	}

	/**
	 * Starts to listen with TLS.
	 * @param certificate the server's certificate and key
	 * @param alpn the protocols it accepts, or none to know nothing of ALPN
	 * @param scripts what to do with each connection
	 * @return the server
	 */
	public static ScriptedHttp2Server tls(X509Bundle certificate, List<String> alpn, Script... scripts) {
		try {
			KeyManager[] keys = certificate.toKeyManagerFactory().getKeyManagers();
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys, null, null);
			SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
				.createServerSocket(0, 0, loopback());
			SSLParameters parameters = listener.getSSLParameters();
			parameters.setApplicationProtocols(alpn.toArray(String[]::new));
			listener.setSSLParameters(parameters);
			return new ScriptedHttp2Server(listener, scripts);
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot listen with TLS", ex);
		}
	}

	private static ServerSocket listenPlain() {
		try {
			return new ServerSocket(0, 0, loopback());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static InetAddress loopback() throws IOException {
		return InetAddress.getByAddress("localhost", new byte[] { 127, 0, 0, 1 });
	}

	/**
	 * Returns the port it listens on.
	 */
	public int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Returns the address it listens on.
	 */
	public Address address() {
		return Address.of("127.0.0.1", port());
	}

	/**
	 * Returns how many connections were accepted so far.
	 */
	public synchronized int connections() {
		return this.peers.size();
	}

	/**
	 * Returns how many connections are open.
	 */
	public synchronized int openConnections() {
		return (int) this.peers.stream().filter(Peer::isOpen).count();
	}

	/**
	 * Returns all connections so far, in order.
	 */
	public synchronized List<Peer> peers() {
		return List.copyOf(this.peers);
	}

	/**
	 * Waits for the next connection, also where scripts drive them.
	 */
	public Peer accept() {
		return accept(Peer.TIMEOUT);
	}

	/**
	 * Waits for the next connection, also where scripts drive them.
	 * @param timeout how long to wait
	 * @return each connection once, in order
	 * @throws AssertionError if none comes
	 */
	public synchronized Peer accept(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (this.accepted == this.peers.size()) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				throw new AssertionError("no connection " + this.accepted + " within " + timeout.toMillis() + " ms");
			}
			try {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new AssertionError("interrupted while waiting for connection " + this.accepted, ex);
			}
		}
		return this.peers.get(this.accepted++);
	}

	/**
	 * Refuses new connections from now on; those that are open stay.
	 */
	public void stopListening() {
		try {
			this.listener.close();
			// A thread in accept() keeps the closed socket listening until it has woken
			// up, and takes one that connects meanwhile.
			this.acceptor.join();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("interrupted while the listener was closed", ex);
		}
	}

	/**
	 * Drops every open connection; the listener stays.
	 */
	public void dropAll() {
		peers().forEach(Peer::drop);
	}

	/**
	 * Closes the listener and every connection.
	 * @throws AssertionError if a script failed before
	 */
	@Override
	public void close() {
		stopListening();
		AssertionError failed;
		List<PeerConnection> open;
		synchronized (this) {
			this.closing = true;
			failed = this.failure;
			open = List.copyOf(this.connections);
		}
		open.forEach((connection) -> connection.reset("dropped because the server was closed"));
		if (failed != null) {
			throw failed;
		}
	}

	private void acceptLoop() {
		try {
			while (true) {
				add(this.listener.accept());
			}
		}
		catch (IOException ex) {
			// The listener was closed: the only way to end.
		}
	}

	private void add(Socket socket) throws IOException {
		PeerConnection connection;
		Peer peer;
		synchronized (this) {
			if (this.closing) {
				socket.close();
				return;
			}
			connection = new PeerConnection(this.peers.size(), socket, this::failed);
			peer = new Peer(connection);
			this.connections.add(connection);
			this.peers.add(peer);
			notifyAll();
		}
		connection.start("reader", connection::read);
		if (!this.scripts.isEmpty()) {
			Script script = this.scripts.get(Math.min(peer.index(), this.scripts.size() - 1));
			connection.start("script", () -> run(script, peer));
		}
	}

	/**
	 * A client that leaves before it has said a word is a test that has ended while the
	 * client connected once more.
	 */
	private static void run(Script script, Peer peer) throws Exception {
		try {
			script.run(peer);
		}
		catch (AssertionError ex) {
			if (!peer.leftWithoutAWord()) {
				throw ex;
			}
		}
	}

	private synchronized void failed(String who, Throwable cause) {
		if (this.closing) {
			return;
		}
		if (this.failure == null) {
			this.failure = new AssertionError("The " + who + " failed: " + cause.getMessage(), cause);
		}
		else {
			this.failure.addSuppressed(cause);
		}
	}

	/**
	 * What a server does with one connection.
	 */
	@FunctionalInterface
	public interface Script {

		/**
		 * Runs on a thread of the connection; the connection stays open afterwards.
		 * @param peer the connection
		 * @throws Exception to fail the test that closes the server
		 */
		void run(Peer peer) throws Exception;

	}

}
