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

package dev.clientconn.stats;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatsHandler#of}.
 */
class StatsHandlerTests {

	private static final Address ADDRESS = Address.of("a:1");

	private static final MethodDescriptor<Void, Void> METHOD = MethodDescriptor.<Void, Void>newBuilder()
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName("s/m")
		.setRequestMarshaller(new NoMarshaller())
		.setResponseMarshaller(new NoMarshaller())
		.build();

	private final List<String> heard = new ArrayList<>();

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Logger logger = (Logger) LoggerFactory.getLogger(StatsHandler.class);

	@BeforeEach
	void readLog() {
		this.logger.setLevel(Level.DEBUG);
		this.logger.setAdditive(false);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void restoreLog() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	@Test
	void withoutHandlersThereIsNothingToCall() {
		assertThat(StatsHandler.of(List.of())).isSameAs(StatsHandler.NOOP);
		assertThat(StatsHandler.of(List.of(StatsHandler.NOOP))).isSameAs(StatsHandler.NOOP);
		assertThat(StatsHandler.NOOP.rpcStarted("t", METHOD)).isNull();
		assertThat(StatsHandler.NOOP).hasToString("StatsHandler.NOOP");
	}

	@Test
	void allHandlersHearOfEverythingInOrder() {
		StatsHandler both = StatsHandler.of(List.of(new Recorder("1"), StatsHandler.NOOP, new Recorder("2")));

		tellAll(both);

		assertThat(this.heard).containsExactly("1 state", "2 state", "1 connect", "2 connect", "1 ready", "2 ready",
				"1 ended", "2 ended", "1 list", "2 list", "1 goAway", "2 goAway", "1 rpc", "2 rpc", "1 delayed",
				"2 delayed", "1 attempt", "2 attempt", "1 sent", "2 sent", "1 headers", "2 headers", "1 received",
				"2 received", "1 attemptDone", "2 attemptDone", "1 done", "2 done");
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void withoutInterestTheCallIsNotFollowed() {
		StatsHandler indifferent = new StatsHandler() {
		};

		assertThat(StatsHandler.of(List.of(indifferent)).rpcStarted("t", METHOD)).isNull();
		RpcStats stats = StatsHandler.of(List.of(indifferent, new Recorder("2"), indifferent)).rpcStarted("t", METHOD);
		assertThat(stats).isNotNull();
		stats.headersReceived();
		assertThat(this.heard).containsExactly("2 rpc", "2 headers");
	}

	@Test
	void whatAHandlerThrowsIsLoggedOnceAndReachesNobody() {
		StatsHandler handler = StatsHandler.of(List.of(new Thrower(), new Recorder("2")));

		tellAll(handler);

		assertThat(this.heard).containsExactly("2 state", "2 connect", "2 ready", "2 ended", "2 list", "2 goAway",
				"2 rpc", "2 delayed", "2 attempt", "2 sent", "2 headers", "2 received", "2 attemptDone", "2 done");
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel)
			.containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG);
		assertThat(this.log.list.get(0).getFormattedMessage()).contains(Thrower.class.getName());
		assertThat(this.log.list.get(0).getThrowableProxy().getMessage()).isEqualTo("on purpose");
	}

	@Test
	void attemptsAreFollowedByThoseWhoAreInterested() {
		StatsHandler callsOnly = new StatsHandler() {

			@Override
			public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
				return new RpcStats() {
				};
			}

		};
		StatsHandler attemptThrower = new StatsHandler() {

			@Override
			public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
				return new RpcStats() {

					@Override
					public AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
							long waitedNanos) {
						return (status, durationNanos, sentBytes, receivedBytes) -> {
							throw new IllegalStateException("on purpose");
						};
					}

				};
			}

		};
		RpcStats nobody = StatsHandler.of(List.of(callsOnly, callsOnly)).rpcStarted("t", METHOD);
		assertThat(nobody).isNotNull();
		assertThat(nobody.attemptStarted(ADDRESS, 0, false, 1)).isNull();

		tellAll(StatsHandler.of(List.of(callsOnly, attemptThrower, new Recorder("2"), callsOnly)));

		assertThat(this.heard).containsOnlyOnce("2 attemptDone");
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN);
	}

	@Test
	void whatAFollowerOfACallThrowsReachesNobody() {
		StatsHandler throwing = new StatsHandler() {

			@Override
			public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
				return new RpcThrower();
			}

		};

		tellAll(StatsHandler.of(List.of(throwing, new Recorder("2"))));

		assertThat(this.heard).endsWith("2 delayed", "2 attempt", "2 sent", "2 headers", "2 received", "2 attemptDone",
				"2 done");
		assertThat(this.log.list).extracting(ILoggingEvent::getLevel)
			.containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG);
	}

	private static void tellAll(StatsHandler handler) {
		handler.stateChanged("t", ADDRESS, ConnectivityState.IDLE, ConnectivityState.CONNECTING, Status.OK);
		handler.connectFinished("t", ADDRESS, 1, Status.OK);
		handler.connectionReady("t", ADDRESS, SecurityLevel.NONE);
		handler.connectionEnded("t", ADDRESS, 1, DisconnectReason.UNKNOWN);
		handler.listApplied("t", 1, List.of(ADDRESS));
		handler.goAwayReceived("t", ADDRESS, Status.UNAVAILABLE);
		RpcStats stats = handler.rpcStarted("t", METHOD);
		assertThat(stats).isNotNull();
		stats.delayed(DelayReason.CONNECTING, 1);
		AttemptStats attempt = stats.attemptStarted(ADDRESS, 0, false, 1);
		stats.messageSent(1);
		stats.headersReceived();
		stats.messageReceived(1);
		assertThat(attempt).isNotNull();
		attempt.ended(Status.OK, 1, 1, 1);
		stats.ended(Status.OK, 1);
	}

	private final class Recorder implements StatsHandler {

		private final String name;

		private Recorder(String name) {
			this.name = name;
		}

		@Override
		public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
				Status cause) {
			record("state");
		}

		@Override
		public void connectFinished(String target, Address address, long durationNanos, Status outcome) {
			record("connect");
		}

		@Override
		public void connectionReady(String target, Address address, SecurityLevel security) {
			record("ready");
		}

		@Override
		public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
			record("ended");
		}

		@Override
		public void goAwayReceived(String target, Address address, Status reason) {
			record("goAway");
		}

		@Override
		public void listApplied(String target, long version, List<Address> addresses) {
			record("list");
		}

		@Override
		public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
			record("rpc");
			return new RpcStats() {

				@Override
				public AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
						long waitedNanos) {
					record("attempt");
					return (status, durationNanos, sentBytes, receivedBytes) -> record("attemptDone");
				}

				@Override
				public void delayed(DelayReason reason, long nanos) {
					record("delayed");
				}

				@Override
				public void messageSent(long wireBytes) {
					record("sent");
				}

				@Override
				public void headersReceived() {
					record("headers");
				}

				@Override
				public void messageReceived(long wireBytes) {
					record("received");
				}

				@Override
				public void ended(Status status, long durationNanos) {
					record("done");
				}

			};
		}

		private void record(String event) {
			StatsHandlerTests.this.heard.add(this.name + " " + event);
		}

	}

	private static final class Thrower implements StatsHandler {

		@Override
		public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
				Status cause) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void connectFinished(String target, Address address, long durationNanos, Status outcome) {
			throw new AssertionError("on purpose");
		}

		@Override
		public void connectionReady(String target, Address address, SecurityLevel security) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void listApplied(String target, long version, List<Address> addresses) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void goAwayReceived(String target, Address address, Status reason) {
			throw new NoClassDefFoundError("on purpose");
		}

		@Override
		public @Nullable RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
			throw new IllegalStateException("on purpose");
		}

	}

	private static final class RpcThrower implements RpcStats {

		@Override
		public @Nullable AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
				long waitedNanos) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void delayed(DelayReason reason, long nanos) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void messageSent(long wireBytes) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void headersReceived() {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void messageReceived(long wireBytes) {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void ended(Status status, long durationNanos) {
			throw new IllegalStateException("on purpose");
		}

	}

	private static final class NoMarshaller implements MethodDescriptor.Marshaller<Void> {

		@Override
		public InputStream stream(Void value) {
			throw new AssertionError("no message is sent here");
		}

		@Override
		public Void parse(InputStream stream) {
			throw new AssertionError("no message is sent here");
		}

	}

}
