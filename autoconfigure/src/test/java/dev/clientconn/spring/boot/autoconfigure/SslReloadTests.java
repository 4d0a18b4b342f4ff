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

package dev.clientconn.spring.boot.autoconfigure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import javax.net.ssl.SSLSession;

import dev.clientconn.ClientConn;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Certificates that are exchanged in their files while calls go on, over mutual TLS.
 */
class SslReloadTests {

	private final Certificates before = new Certificates();

	private final Certificates after = new Certificates();

	private final Set<String> clients = ConcurrentHashMap.newKeySet();

	private final EchoServer first = server(this.before.localhost());

	/** Has a certificate that only the new authority vouches for. */
	private final EchoServer second = server(this.after.localhost());

	@TempDir
	private Path files;

	@AfterEach
	void close() {
		this.first.close();
		this.second.close();
	}

	@Test
	void anUpdateReplacesOpenConnectionsAndLosesNoCall() throws Exception {
		write(this.before.client("before"), this.before);
		runner("static:" + this.first.address()).run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			call(conn);
			assertThat(this.clients).containsExactly("CN=before");
			try (Load load = new Load(conn)) {
				load.awaitCalls(100);

				write(this.after.client("after"), this.before, this.after);
				soon().until(() -> this.clients.contains("CN=after"));
				soon().until(() -> this.first.openConnections() == 1);
				this.clients.clear();
				load.awaitCalls(100);

				assertThat(this.clients).as("the old connection has ended").containsExactly("CN=after");
				assertThat(load.failures).isEmpty();
			}
			assertThat(this.first.connections()).isGreaterThan(1);
		});
	}

	@Test
	void anAddressThatFailedWithTheOldTrustConnectsWithTheNewOne() throws Exception {
		write(this.before.client("before"), this.before);
		runner("static:" + this.first.address() + "," + this.second.address())
			// Longer than the test: only the update ends the wait.
			.withPropertyValues("clientconn.defaults.backoff.base-delay=1h", "clientconn.defaults.backoff.max-delay=1h")
			.run((context) -> {
				ClientConn conn = context.getBean(ClientConn.class);
				call(conn);
				soon().until(() -> String.valueOf(conn.snapshot().addresses().get(1).cause())
					.contains("TLS handshake failed"));
				try (Load load = new Load(conn)) {
					write(this.after.client("after"), this.before, this.after);
					soon().until(() -> conn.snapshot().addresses().get(1).transport() != null);
					load.awaitCalls(100);
					assertThat(load.failures).isEmpty();
				}
			});
	}

	@Test
	void theOldConnectionServesWhereTheServerRefusesTheUpdate() throws Exception {
		write(this.before.client("before"), this.before);
		runner("static:" + this.first.address()).run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			call(conn);
			try (Load load = new Load(conn)) {
				// The server's certificate is of the other authority.
				write(this.after.client("after"), this.after);
				soon().until(() -> conn.snapshot()
					.addresses()
					.get(0)
					.events()
					.stream()
					.anyMatch((event) -> event.what().startsWith("renewal failed: ")));
				load.awaitCalls(100);
				assertThat(load.failures).isEmpty();
				assertThat(this.clients).containsExactly("CN=before");

				write(this.after.client("after"), this.before);
				soon().until(() -> this.clients.contains("CN=after"));
				assertThat(load.failures).isEmpty();
			}
		});
	}

	@Test
	void openConnectionsAreKeptWhereOnlyNewOnesAreToChange() throws Exception {
		write(this.before.client("before"), this.before);
		runner("static:" + this.first.address())
			.withPropertyValues("clientconn.channels.greeter.ssl.on-update=new-connections")
			.run((context) -> {
				ClientConn conn = context.getBean(ClientConn.class);
				call(conn);
				AtomicInteger updates = new AtomicInteger();
				context.getBean(SslBundles.class)
					.addBundleUpdateHandler("internal", (bundle) -> updates.incrementAndGet());

				write(this.after.client("after"), this.before);
				soon().until(() -> updates.get() > 0);
				call(conn);
				assertThat(this.clients).containsExactly("CN=before");
				assertThat(this.first.connections()).isOne();

				// The files may have been read one after the other: any connection
				// made later than all of them will do.
				soon().until(() -> {
					conn.enterIdle();
					call(conn);
					return this.clients.contains("CN=after");
				});
			});
	}

	private ApplicationContextRunner runner(String target) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class))
			.withPropertyValues("spring.ssl.bundle.watch.file.quiet-period=100ms",
					"spring.ssl.bundle.pem.internal.reload-on-update=true",
					"spring.ssl.bundle.pem.internal.truststore.certificate=file:" + file("trusted.pem"),
					"spring.ssl.bundle.pem.internal.keystore.certificate=file:" + file("client.pem"),
					"spring.ssl.bundle.pem.internal.keystore.private-key=file:" + file("client.key"),
					"clientconn.channels.greeter.target=" + target, "clientconn.channels.greeter.authority=localhost",
					"clientconn.channels.greeter.ssl.bundle=internal", "clientconn.defaults.backoff.base-delay=50ms",
					"clientconn.defaults.backoff.max-delay=50ms");
	}

	private void write(X509Bundle client, Certificates... trusted) throws Exception {
		StringBuilder authorities = new StringBuilder();
		for (Certificates each : trusted) {
			authorities.append(each.authority().getCertificatePEM());
		}
		replace("trusted.pem", authorities.toString());
		replace("client.pem", client.getCertificatePathPEM());
		replace("client.key", client.getPrivateKeyPEM());
	}

	/** As certificate managers do it: nobody sees half a file. */
	private void replace(String name, String content) throws Exception {
		Path complete = Files.writeString(this.files.resolve(name + ".new"), content);
		Files.move(complete, file(name), StandardCopyOption.ATOMIC_MOVE);
	}

	private Path file(String name) {
		return this.files.resolve(name);
	}

	/** A server that requires a client certificate of either authority. */
	private EchoServer server(X509Bundle certificate) {
		SslContext context = serverContext(certificate, this.before.authority().getCertificate(),
				this.after.authority().getCertificate());
		return new EchoServer().with((builder) -> builder.sslContext(context).intercept(new ClientNames())).start();
	}

	private static SslContext serverContext(X509Bundle certificate, X509Certificate... clientAuthorities) {
		try {
			File chain = certificate.toTempCertChainPem();
			File key = certificate.toTempPrivateKeyPem();
			return GrpcSslContexts.configure(SslContextBuilder.forServer(chain, key), SslProvider.JDK)
				.trustManager(clientAuthorities)
				.clientAuth(ClientAuth.REQUIRE)
				.build();
		}
		catch (Exception ex) {
			throw new IllegalStateException("cannot make a server SSL context", ex);
		}
	}

	private static void call(ClientConn conn) {
		EchoGrpc.newBlockingStub(conn)
			.withWaitForReady()
			.withDeadlineAfter(Duration.ofSeconds(20))
			.unary(EchoRequest.getDefaultInstance());
	}

	private static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
	}

	/** Notes whose certificate each call came with. */
	private final class ClientNames implements ServerInterceptor {

		@Override
		public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(ServerCall<ReqT, RespT> call, Metadata headers,
				ServerCallHandler<ReqT, RespT> next) {
			try {
				SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
				SslReloadTests.this.clients.add(session.getPeerPrincipal().getName());
			}
			catch (Exception ex) {
				throw new IllegalStateException("no client certificate", ex);
			}
			return next.startCall(call, headers);
		}

	}

	/** Threads that call without a pause. */
	private static final class Load implements AutoCloseable {

		private final ConcurrentLinkedQueue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();

		private final AtomicInteger calls = new AtomicInteger();

		private final AtomicBoolean done = new AtomicBoolean();

		private final List<Thread> threads;

		Load(ClientConn conn) {
			this.threads = IntStream.range(0, 4).mapToObj((i) -> new Thread(() -> run(conn))).toList();
			this.threads.forEach(Thread::start);
		}

		void awaitCalls(int more) {
			int goal = this.calls.get() + more;
			soon().until(() -> this.calls.get() >= goal);
		}

		private void run(ClientConn conn) {
			EchoGrpc.EchoBlockingStub stub = EchoGrpc.newBlockingStub(conn);
			while (!this.done.get()) {
				try {
					stub.unary(EchoRequest.getDefaultInstance());
				}
				catch (StatusRuntimeException ex) {
					this.failures.add(ex);
				}
				this.calls.incrementAndGet();
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.done.set(true);
			for (Thread thread : this.threads) {
				thread.join();
			}
		}

	}

}
