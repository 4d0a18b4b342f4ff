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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;

/**
 * A grpc-java server on loopback that echoes, see {@code echo.proto}: {@code server} of a
 * reply is its port, {@code delay_ms} and {@code status_code} are obeyed on every method,
 * and no thread of it ever blocks.
 * <p>
 * It serves from {@link #start()} on, keeps its port over restarts, and goes away
 * gracefully or not at all gracefully.
 */
public final class EchoServer implements AutoCloseable {

	private final EchoService service = new EchoService();

	private final List<Consumer<NettyServerBuilder>> options = new ArrayList<>();

	private Duration age;

	private String host = "127.0.0.1";

	private int port;

	private KillableServerChannels channels;

	private Server server;

	/**
	 * Makes a server that is not started yet and will choose a port.
	 */
	public EchoServer() {
		this(0);
	}

	/**
	 * Makes a server that is not started yet.
	 * @param port the port, 0 to choose one
	 */
	public EchoServer(int port) {
		this.port = port;
	}

	/**
	 * Makes and starts a server.
	 */
	public static EchoServer started() {
		return new EchoServer().start();
	}

	/**
	 * Has it listen on another address than 127.0.0.1.
	 * @param host an address of this machine
	 */
	public EchoServer on(String host) {
		this.host = host;
		return this;
	}

	/**
	 * Has it speak TLS.
	 */
	public EchoServer tls(X509Bundle certificate) {
		return tls(certificate, null);
	}

	/**
	 * Has it speak TLS.
	 * @param certificate its certificate
	 * @param clientAuthority whose client certificates it requires, {@code null} for none
	 */
	public EchoServer tls(X509Bundle certificate, X509Bundle clientAuthority) {
		SslContext context = sslContext(certificate, clientAuthority);
		return with((builder) -> builder.sslContext(context));
	}

	/**
	 * Has it send GOAWAY when a connection has reached an age; streams may last as long
	 * as they like.
	 * @param age the age, however short
	 */
	public EchoServer goAwayAfter(Duration age) {
		this.age = age;
		return this;
	}

	/**
	 * Has it send GOAWAY when a connection has reached an age, as grpc-java does it: at
	 * least 1 s, give or take 10 %.
	 * @param age the age
	 * @param grace how long streams may last after that
	 */
	public EchoServer maxConnectionAge(Duration age, Duration grace) {
		return with((builder) -> builder.maxConnectionAge(age.toNanos(), TimeUnit.NANOSECONDS)
			.maxConnectionAgeGrace(grace.toNanos(), TimeUnit.NANOSECONDS));
	}

	/**
	 * Sets any other option of the builder, for this and later starts.
	 */
	public EchoServer with(Consumer<NettyServerBuilder> option) {
		this.options.add(option);
		return this;
	}

	/**
	 * Starts to serve, on the same port as before if there was one.
	 * @return this
	 */
	public synchronized EchoServer start() {
		if (this.server != null) {
			throw new IllegalStateException("port " + this.port + " is served already");
		}
		this.channels = new KillableServerChannels();
		this.channels.goAwayAfter(this.age);
		NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(this.host, this.port))
			.channelFactory(this.channels)
			.bossEventLoopGroup(KillableServerChannels.LOOPS)
			.workerEventLoopGroup(KillableServerChannels.LOOPS)
			.directExecutor()
			.addService(this.service)
			.intercept(this.service.recorder());
		this.options.forEach((option) -> option.accept(builder));
		try {
			this.server = builder.build().start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.port = this.server.getPort();
		this.service.name(Integer.toString(this.port));
		return this;
	}

	/**
	 * Begins a graceful stop and returns at once: refuses connections, sends GOAWAY.
	 * @return the server that is ending; {@link #start()} may be called at once
	 */
	public synchronized Server beginStop() {
		Server ending = this.server;
		this.server = null;
		return ending.shutdown();
	}

	/**
	 * Stops gracefully: waits up to 5 s for open calls, then ends them.
	 */
	public void stop() {
		Server ending = beginStop();
		try {
			if (!ending.awaitTermination(5, TimeUnit.SECONDS)) {
				ending.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			ending.shutdownNow();
		}
	}

	/**
	 * Stops as a crash would: the port is closed first, then each socket with a TCP
	 * reset; no GOAWAY. Does nothing if it is not serving.
	 */
	public synchronized void kill() {
		if (this.server == null) {
			return;
		}
		this.channels.closeListeners();
		this.channels.resetConnections();
		Server ending = this.server;
		this.server = null;
		try {
			ending.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Sends GOAWAY on every open connection, gracefully, and goes on to serve.
	 */
	public synchronized void goAway() {
		this.channels.goAway();
	}

	/**
	 * Refuses new connections; those that are open go on.
	 */
	public synchronized void refuseConnections() {
		this.channels.closeListeners();
	}

	/**
	 * Resets every open connection and goes on to serve.
	 */
	public synchronized void dropConnections() {
		this.channels.resetConnections();
	}

	@Override
	public void close() {
		kill();
	}

	/**
	 * Returns the port; not known before the first start unless given.
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Returns the address.
	 */
	public Address address() {
		return Address.of(this.host, this.port);
	}

	/**
	 * Returns how many calls reached a method, over all starts.
	 */
	public int requests() {
		return this.service.requests();
	}

	/**
	 * Returns how many calls were cancelled by the client or lost their connection.
	 */
	public int cancellations() {
		return this.service.cancellations();
	}

	/**
	 * Returns the headers of all calls, in the order of their arrival.
	 */
	public List<Metadata> headers() {
		return this.service.headers();
	}

	/**
	 * Returns how many connections were accepted since the last start.
	 */
	public synchronized int connections() {
		return this.channels.accepted();
	}

	/**
	 * Returns how many connections are open.
	 */
	public synchronized int openConnections() {
		return this.channels.open();
	}

	private static SslContext sslContext(X509Bundle certificate, X509Bundle clientAuthority) {
		try {
			File chain = certificate.toTempCertChainPem();
			File key = certificate.toTempPrivateKeyPem();
			var builder = GrpcSslContexts.configure(SslContextBuilder.forServer(chain, key), SslProvider.JDK);
			if (clientAuthority != null) {
				builder.trustManager(clientAuthority.getCertificate()).clientAuth(ClientAuth.REQUIRE);
			}
			return builder.build();
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot make a server SSL context", ex);
		}
	}

	@Override
	public String toString() {
		return "EchoServer[" + this.port + "]";
	}

}
