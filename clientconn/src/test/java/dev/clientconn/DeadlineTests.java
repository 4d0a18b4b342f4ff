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

package dev.clientconn;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.stats.RpcStats;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Where a call's deadline comes from, and what it says when it has passed.
 */
class DeadlineTests {

	private static final int REFUSED_STREAM = 7;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = new FakeScheduler();

	private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

	private final ScriptedHttp2Server server = new ScriptedHttp2Server();

	private ClientConn conn;

	@AfterEach
	void close() {
		this.server.close();
		this.timers.shutdownNow();
	}

	@Test
	void marginIsTakenFromTheDeadlineOfTheContext() {
		Peer peer = ready(Dials.plain().deadlinePropagation(margin(Duration.ofMinutes(20))));
		inContext(Duration.ofHours(1), CallOptions.DEFAULT);
		assertThat(sentTimeout(peer, 1)).isBetween(Duration.ofMinutes(39), Duration.ofMinutes(40));
	}

	@Test
	void marginIsNotTakenFromTheDeadlineOfTheCall() {
		Peer peer = ready(Dials.plain().deadlinePropagation(margin(Duration.ofMinutes(20))));
		inContext(Duration.ofHours(10), CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS));
		assertThat(sentTimeout(peer, 1)).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
	}

	@Test
	void marginAboveWhatIsLeftEndsTheCallBeforeItStarts() {
		Peer peer = ready(Dials.plain().deadlinePropagation(margin(Duration.ofMinutes(20))));
		Status status = inContext(Duration.ofMinutes(10), CallOptions.DEFAULT).await();

		assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(status.getDescription()).startsWith("ClientCall started after Context less margin deadline");
		assertThat(peer.frames(FrameType.HEADERS)).isEmpty();
	}

	@Test
	void withoutPropagationTheDefaultCounts() {
		Peer peer = ready(Dials.plain()
			.deadlinePropagation(DeadlinePropagation.DEFAULT.withEnabled(false))
			.defaultDeadline(Duration.ofHours(2)));
		inContext(Duration.ofHours(1), CallOptions.DEFAULT);
		assertThat(sentTimeout(peer, 1)).isBetween(Duration.ofMinutes(119), Duration.ofMinutes(120));
	}

	@Test
	void withoutPropagationNoTimeoutIsSent() {
		Peer peer = ready(Dials.plain().deadlinePropagation(DeadlinePropagation.DEFAULT.withEnabled(false)));
		inContext(Duration.ofHours(1), CallOptions.DEFAULT);
		assertThat(peer.expectHeaders(1).header("grpc-timeout")).isNull();
	}

	@Test
	void withoutPropagationTheContextStillCancels() {
		Peer peer = ready(Dials.plain().deadlinePropagation(DeadlinePropagation.DEFAULT.withEnabled(false)));
		Rpc rpc = inContext(Duration.ofMillis(300), CallOptions.DEFAULT);
		peer.expectRst(1, 8);

		assertThat(rpc.awaitCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(rpc.await().getDescription()).isEqualTo("io.grpc.Context was cancelled by its deadline");
	}

	@Test
	void marginIsChecked() {
		assertThatIllegalArgumentException().isThrownBy(() -> margin(Duration.ofSeconds(-1)))
			.withMessage("margin: PT-1S (expected: from zero to PT24H)");
		assertThatIllegalArgumentException().isThrownBy(() -> margin(Duration.ofHours(25)))
			.withMessage("margin: PT25H (expected: from zero to PT24H)");
	}

	@Test
	void saysOnceThatCallsHaveNoDeadline() {
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(CallDeadline.class);
		logger.addAppender(log);
		try {
			ready(Dials.plain());
			Rpc.unary(this.conn, Rpc.FF);
			Rpc.bidi(this.conn, CallOptions.DEFAULT);
			assertThat(log.list).isEmpty();

			Rpc.unary(this.conn, CallOptions.DEFAULT);
			Rpc.unary(this.conn, CallOptions.DEFAULT);
			assertThat(log.list).singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage()).startsWith("static:"
						+ this.server.address() + " dev.clientconn.test.Echo/Unary - a call without a deadline"));
		}
		finally {
			logger.detachAppender(log);
		}
	}

	@Test
	void tellsOfTheListAndTheConnection() {
		ManualResolver resolver = new ManualResolver();
		ManualDialer dialer = ManualDialer.hanging();
		this.conn = this.dials.dial("manual:///x", virtual().resolver(resolver).dialer(dialer));
		Rpc rpc = Rpc.unary(this.conn, minutes(1));
		Dials.await().until(() -> this.conn.snapshot().pendingCalls() == 1);
		this.scheduler.advance(Duration.ofSeconds(2));
		resolver.push(this.server.address());
		dialer.await(0);
		Dials.await().until(() -> this.conn.snapshot().waiting().first().get(0).listVersion() == 1);
		this.scheduler.advance(Duration.ofSeconds(3));
		dialer.await(0).fail(new IOException("the firewall says no"));
		Dials.awaitState(this.conn, ConnectivityState.TRANSIENT_FAILURE);
		Dials.await().until(() -> this.conn.snapshot().waiting().first().get(0).reason() == DelayReason.FAILING);
		this.scheduler.advance(Duration.ofMinutes(1));

		assertThat(rpc.await().getDescription()).startsWith("CallOptions deadline exceeded after ")
			.contains("[waited 2.000s for an address list, waited 3.000s for a connection, waited 5",
					"s while all addresses failed, no ready connection to manual:///x after ", "last error: ");
	}

	@Test
	void statsHearOfEachDelayOnce() {
		List<String> heard = new CopyOnWriteArrayList<>();
		ManualResolver resolver = new ManualResolver();
		this.conn = this.dials.dial("manual:///x", virtual().resolver(resolver).statsHandler(new StatsHandler() {

			@Override
			public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
				return new RpcStats() {

					@Override
					public void delayed(DelayReason reason, long nanos) {
						heard.add(reason + " " + Duration.ofNanos(nanos).toSeconds());
					}

				};
			}

		}));
		Rpc sent = Rpc.unary(this.conn, minutes(5));
		Rpc neverSent = Rpc.unary(this.conn, minutes(1));
		Dials.await().until(() -> this.conn.snapshot().pendingCalls() == 2);
		this.scheduler.advance(Duration.ofMinutes(1));
		assertThat(neverSent.awaitCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		Dials.await().until(() -> heard.size() == 1);
		assertThat(heard.get(0)).matches("RESOLVING (5\\d|60)");

		resolver.push(this.server.address());
		Peer peer = Scenario.accept(this.server);
		peer.expectHeaders(1);
		peer.sendResponse(1, new byte[0]);
		assertThat(sent.await().isOk()).isTrue();
		assertThat(heard).element(1).asString().isEqualTo("RESOLVING 60");
	}

	@Test
	void tellsOfAnAnswerThatDoesNotCome() {
		Peer peer = ready(virtual());
		Rpc rpc = Rpc.unary(this.conn, minutes(1));
		peer.expectHeaders(1);
		this.scheduler.advance(Duration.ofMinutes(1));

		assertThat(rpc.await().getDescription())
			.matches("CallOptions deadline exceeded after (5\\d|60)\\.\\d{3}s\\. " + "\\[the request went to "
					+ this.server.address() + " (5\\d|60)\\.\\d{3}s ago, and nothing came back]");
	}

	@Test
	void tellsWhatHasComeBack() {
		Peer peer = ready(virtual());
		Rpc rpc = Rpc.bidi(this.conn, minutes(1));
		peer.expectHeaders(1);
		peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc");
		peer.sendMessage(1, new byte[0]);
		peer.sendMessage(1, new byte[0]);
		Dials.await().until(() -> rpc.replies().size() == 2);
		this.scheduler.advance(Duration.ofMinutes(1));

		assertThat(rpc.await().getDescription()).endsWith("ago, and brought the response headers and 2 messages]");
	}

	@Test
	void tellsOfTheStreamLimit() {
		Peer peer = ready(virtual(), Frame.MAX_CONCURRENT_STREAMS, 1);
		Rpc first = Rpc.bidi(this.conn, CallOptions.DEFAULT);
		peer.expectHeaders(1);
		Rpc inLine = Rpc.unary(this.conn, minutes(1));
		Rpc after = Rpc.unary(this.conn, minutes(2));
		Dials.await().until(() -> this.conn.snapshot().addresses().get(0).transport().queuedStreams() == 2);
		this.scheduler.advance(Duration.ofMinutes(1));
		assertThat(inLine.await().getDescription()).matches("CallOptions deadline exceeded after \\S+ \\[waited "
				+ "(5\\d|60)\\.\\d{3}s behind the stream limit of " + this.server.address() + " \\(1 at once\\)]");

		first.call().cancel("not wanted", null);
		peer.expectHeaders(3);
		this.scheduler.advance(Duration.ofMinutes(1));
		assertThat(after.await().getDescription()).matches("CallOptions deadline exceeded after 1[12]\\d\\S+ \\[waited "
				+ "(5\\d|60)\\.\\d{3}s behind the stream limit of " + this.server.address() + " \\(1 at once\\), "
				+ "the request went to \\S+ (5\\d|60)\\.\\d{3}s ago, and nothing came back]");
	}

	@Test
	void tellsOfTheAttemptBefore() {
		Peer peer = ready(virtual());
		Rpc rpc = Rpc.unary(this.conn, minutes(1));
		peer.expectHeaders(1);
		peer.sendRst(1, REFUSED_STREAM);
		peer.expectHeaders(3);
		this.scheduler.advance(Duration.ofMinutes(1));

		assertThat(rpc.await().getDescription()).contains("[the attempt before ended with UNAVAILABLE: ",
				", the request went to ");
	}

	@Test
	void tellsOfCredentialsThatDoNotAnswer() {
		ready(virtual().perRpcCredentials(new PerRpcCredentials(new Answers(), false)));
		Rpc rpc = Rpc.unary(this.conn, minutes(1));
		this.scheduler.advance(Duration.ofMinutes(1));

		assertThat(rpc.await().getDescription())
			.matches(".*\\[its credentials have not answered within (5\\d|60)\\S+]");
	}

	@Test
	void tellsOfCredentialsThatWereSlow() {
		Answers answers = new Answers();
		Peer peer = ready(virtual().perRpcCredentials(new PerRpcCredentials(answers, false)));
		Rpc rpc = Rpc.unary(this.conn, minutes(1));
		this.scheduler.advance(Duration.ofSeconds(20));
		answers.waiting.get().apply(new Metadata());
		peer.expectHeaders(1);
		this.scheduler.advance(Duration.ofMinutes(1));

		assertThat(rpc.await().getDescription()).contains("[waited 20.000s for its credentials, the request went to ");
	}

	private Peer ready(DialOptions.Builder options, long... settings) {
		this.conn = this.dials.dial(this.server.address(), options);
		Peer peer = Scenario.accept(this.server, settings);
		Dials.awaitState(this.conn, ConnectivityState.READY);
		return peer;
	}

	private Rpc inContext(Duration deadline, CallOptions options) {
		AtomicReference<Rpc> rpc = new AtomicReference<>();
		Context.ROOT.withDeadline(Deadline.after(deadline.toNanos(), TimeUnit.NANOSECONDS), this.timers)
			.run(() -> rpc.set(Rpc.unary(this.conn, options.withWaitForReady())));
		return rpc.get();
	}

	private DialOptions.Builder virtual() {
		return Dials.plain().scheduler(this.scheduler);
	}

	private static CallOptions minutes(int minutes) {
		return Scenario.WAIT.withDeadlineAfter(minutes, TimeUnit.MINUTES);
	}

	private static DeadlinePropagation margin(Duration margin) {
		return DeadlinePropagation.DEFAULT.withMargin(margin);
	}

	/** All values here take milliseconds. */
	private static Duration sentTimeout(Peer peer, int streamId) {
		String header = peer.expectHeaders(streamId).header("grpc-timeout");
		assertThat(header).matches("\\d{7}m");
		return Duration.ofMillis(Long.parseLong(header.substring(0, 7)));
	}

	/** Credentials that answer when the test says so. */
	private static final class Answers extends CallCredentials {

		private final AtomicReference<MetadataApplier> waiting = new AtomicReference<>();

		@Override
		public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
			this.waiting.set(applier);
		}

	}

}
