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

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.naming.Resolver;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.Dialer;
import dev.clientconn.transport.KeepaliveParams;
import dev.clientconn.transport.PerRpcCredentials;
import dev.clientconn.transport.TransportCredentials;
import dev.clientconn.transport.TransportOptions.Limits;
import io.grpc.BinaryLog;
import io.grpc.ClientInterceptor;
import io.grpc.Compressor;
import io.grpc.Decompressor;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

/**
 * How to dial: Go's {@code DialOption}s, named without {@code With}. Immutable; made by a
 * {@link Builder}, which checks each value alone, while {@link ClientConn#dial} checks
 * them together.
 */
public final class DialOptions {

	/** Bytes of one response message that are accepted unless set otherwise: 4 MiB. */
	public static final int DEFAULT_MAX_INBOUND_MESSAGE_SIZE = 4 * 1024 * 1024;

	/** How long a connection attempt may take at least, as in clientconn.go. */
	public static final Duration DEFAULT_MIN_CONNECT_TIMEOUT = Duration.ofSeconds(20);

	/** How long calls on a drained connection may go on before they are ended. */
	public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofMinutes(5);

	/**
	 * Of no ClientConn, and nothing that threads meet at. Not
	 * RandomGenerator.getDefault(): a small run-time image or an unusual context class
	 * loader may not have the module jdk.random.
	 */
	private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

	final @Nullable Codec codec;

	final @Nullable BinaryLog binaryLog;

	final @Nullable Compressor compressor;

	final List<Compressor> compressors;

	final List<Decompressor> decompressors;

	final @Nullable BalancerProvider balancer;

	final List<BalancerProvider> balancerPolicies;

	final Map<String, Resolver> resolvers;

	final ServiceConfig serviceConfig;

	final Flow.@Nullable Publisher<ServiceConfig> serviceConfigUpdates;

	final BackoffConfig backoff;

	final Duration minConnectTimeout;

	final boolean block;

	final boolean lazy;

	final Duration timeout;

	final boolean insecure;

	final @Nullable TransportCredentials transportCredentials;

	final List<PerRpcCredentials> perRpcCredentials;

	final Dialer dialer;

	final List<StatsHandler> statsHandlers;

	final boolean failOnNonTemporaryDialError;

	final @Nullable String userAgent;

	final List<ClientInterceptor> unaryInterceptors;

	final List<ClientInterceptor> streamInterceptors;

	final @Nullable String authority;

	final int maxInboundMessageSize;

	final int maxOutboundMessageSize;

	final Limits limits;

	final @Nullable KeepaliveParams keepalive;

	final ConnectionsConfig connections;

	final boolean waitForReady;

	final RetryOptions retry;

	final @Nullable Duration defaultDeadline;

	final HedgingOptions hedging;

	final DeadlinePropagation deadlinePropagation;

	final QueueLimits queueLimits;

	final @Nullable Executor executor;

	final @Nullable EventLoopGroup eventLoopGroup;

	final Duration drainTimeout;

	final Duration idleTimeout;

	final HealthCheckOption healthCheck;

	final @Nullable Scheduler scheduler;

	final RandomGenerator random;

	private DialOptions(Builder builder) {
		this.codec = builder.codec;
		this.binaryLog = builder.binaryLog;
		this.compressor = builder.compressor;
		this.compressors = List.copyOf(builder.compressors);
		this.decompressors = List.copyOf(builder.decompressors);
		this.balancer = builder.balancer;
		this.balancerPolicies = List.copyOf(builder.balancerPolicies);
		this.resolvers = Map.copyOf(builder.resolvers);
		this.serviceConfig = builder.serviceConfig;
		this.serviceConfigUpdates = builder.serviceConfigUpdates;
		this.backoff = builder.backoff;
		this.minConnectTimeout = builder.minConnectTimeout;
		this.block = builder.block;
		this.lazy = builder.lazy;
		this.timeout = builder.timeout;
		this.insecure = builder.insecure;
		this.transportCredentials = builder.transportCredentials;
		this.perRpcCredentials = List.copyOf(builder.perRpcCredentials);
		this.dialer = builder.dialer;
		this.statsHandlers = List.copyOf(builder.statsHandlers);
		this.failOnNonTemporaryDialError = builder.failOnNonTemporaryDialError;
		this.userAgent = builder.userAgent;
		this.unaryInterceptors = List.copyOf(builder.unaryInterceptors);
		this.streamInterceptors = List.copyOf(builder.streamInterceptors);
		this.authority = builder.authority;
		this.maxInboundMessageSize = builder.maxInboundMessageSize;
		this.maxOutboundMessageSize = builder.maxOutboundMessageSize;
		this.limits = new Limits(builder.maxInboundMetadataSize, builder.flowControlWindow, builder.maxStreamId);
		this.keepalive = builder.keepalive;
		this.connections = builder.connections;
		this.waitForReady = builder.waitForReady;
		this.retry = builder.retry;
		this.defaultDeadline = builder.defaultDeadline;
		this.hedging = builder.hedging;
		this.deadlinePropagation = builder.deadlinePropagation;
		this.queueLimits = builder.queueLimits;
		this.executor = builder.executor;
		this.eventLoopGroup = builder.eventLoopGroup;
		this.drainTimeout = builder.drainTimeout;
		this.idleTimeout = builder.idleTimeout;
		this.healthCheck = builder.healthCheck;
		this.scheduler = builder.scheduler;
		this.random = builder.random;
	}

	/**
	 * Returns a builder with the defaults.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Collects options. A later scalar replaces an earlier one; what accumulates says so.
	 * Each method throws {@link NullPointerException} for a null argument and
	 * {@link IllegalArgumentException} for a value out of range, with the value and what
	 * was expected. Not safe for use by several threads.
	 */
	public static final class Builder {

		private @Nullable Codec codec;

		private @Nullable BinaryLog binaryLog;

		private @Nullable Compressor compressor;

		private final List<Compressor> compressors = new ArrayList<>();

		private final List<Decompressor> decompressors = new ArrayList<>();

		private @Nullable BalancerProvider balancer;

		private final List<BalancerProvider> balancerPolicies = new ArrayList<>();

		private Map<String, Resolver> resolvers = Resolver.defaults();

		private ServiceConfig serviceConfig = ServiceConfig.empty();

		private Flow.@Nullable Publisher<ServiceConfig> serviceConfigUpdates;

		private BackoffConfig backoff = BackoffConfig.DEFAULT;

		private Duration minConnectTimeout = DEFAULT_MIN_CONNECT_TIMEOUT;

		private boolean block;

		private boolean lazy;

		private Duration timeout = Duration.ZERO;

		private boolean insecure;

		private @Nullable TransportCredentials transportCredentials;

		private final List<PerRpcCredentials> perRpcCredentials = new ArrayList<>();

		private Dialer dialer = Dialer.tcp();

		private final List<StatsHandler> statsHandlers = new ArrayList<>();

		private boolean failOnNonTemporaryDialError;

		private @Nullable String userAgent;

		private final List<ClientInterceptor> unaryInterceptors = new ArrayList<>();

		private final List<ClientInterceptor> streamInterceptors = new ArrayList<>();

		private @Nullable String authority;

		private int maxInboundMessageSize = DEFAULT_MAX_INBOUND_MESSAGE_SIZE;

		private int maxOutboundMessageSize = Integer.MAX_VALUE;

		private int maxInboundMetadataSize = Limits.DEFAULT_MAX_INBOUND_METADATA_SIZE;

		private int flowControlWindow;

		private int maxStreamId = Limits.DEFAULT_MAX_STREAM_ID;

		private @Nullable KeepaliveParams keepalive;

		private ConnectionsConfig connections = ConnectionsConfig.DEFAULT;

		private boolean waitForReady;

		private RetryOptions retry = RetryOptions.DEFAULT;

		private @Nullable Duration defaultDeadline;

		private HedgingOptions hedging = HedgingOptions.OFF;

		private DeadlinePropagation deadlinePropagation = DeadlinePropagation.DEFAULT;

		private QueueLimits queueLimits = QueueLimits.DEFAULT;

		private @Nullable Executor executor;

		private @Nullable EventLoopGroup eventLoopGroup;

		private Duration drainTimeout = DEFAULT_DRAIN_TIMEOUT;

		private Duration idleTimeout = Duration.ZERO;

		private HealthCheckOption healthCheck = HealthCheckOption.OF_SERVICE_CONFIG;

		private @Nullable Scheduler scheduler;

		private RandomGenerator random = RANDOM;

		private Builder() {
		}

		/**
		 * Sets how messages become bytes. A call's own {@link Codec#OPTION} wins.
		 * Default: {@link Codec#declared()}, protobuf.
		 * @param codec the codec
		 * @throws IllegalArgumentException if its content-subtype is not valid
		 */
		public Builder codec(Codec codec) {
			CodecMethods.requireValid(Objects.requireNonNull(codec, "codec"));
			this.codec = codec;
			return this;
		}

		/**
		 * Logs calls, each once whatever its attempts, with the messages as they are
		 * before compression. Not closed by the ClientConn, as with
		 * {@link io.grpc.ManagedChannelBuilder#setBinaryLog}. Default: none.
		 * @param binaryLog decides which calls are logged, and where
		 */
		public Builder binaryLog(BinaryLog binaryLog) {
			this.binaryLog = Objects.requireNonNull(binaryLog, "binaryLog");
			return this;
		}

		/**
		 * Compresses every request message and sends its name as {@code grpc-encoding}. A
		 * call's own compression wins. Default: none.
		 * @param compressor the compressor
		 */
		public Builder compressor(Compressor compressor) {
			this.compressor = Objects.requireNonNull(compressor, "compressor");
			return this;
		}

		/**
		 * Adds a compressor that calls can choose by its name, besides those of
		 * {@link io.grpc.CompressorRegistry#getDefaultInstance()}, over which it wins.
		 * Accumulates.
		 * @param compressor the compressor
		 */
		public Builder callCompressor(Compressor compressor) {
			this.compressors.add(Objects.requireNonNull(compressor, "compressor"));
			return this;
		}

		/**
		 * Accepts responses that are compressed so, besides gzip. Accumulates.
		 * @param decompressor the decompressor
		 */
		public Builder decompressor(Decompressor decompressor) {
			this.decompressors.add(Objects.requireNonNull(decompressor, "decompressor"));
			return this;
		}

		/**
		 * Chooses a built-in balancer by name. Default: the service config's, else
		 * {@code round_robin}.
		 * @param policy {@code round_robin} or {@code pick_first}
		 */
		public Builder balancer(String policy) {
			BalancerProvider provider = Balancers.forPolicy(Objects.requireNonNull(policy, "policy"));
			if (provider == null) {
				throw new IllegalArgumentException(
						"balancer: \"" + policy + "\" (expected: one of " + Balancers.names() + ")");
			}
			this.balancer = provider;
			return this;
		}

		/**
		 * Sets the maker of the balancer. It wins over the service config's policy.
		 * @param balancer makes the balancer of each ClientConn
		 */
		public Builder balancer(BalancerProvider balancer) {
			this.balancer = Objects.requireNonNull(balancer, "balancer");
			return this;
		}

		/**
		 * Adds a policy that a service config may name, besides {@code round_robin} and
		 * {@code pick_first} or in their place. Accumulates; the first of a name counts.
		 * @param policy makes the balancer where a service config wants this policy
		 */
		public Builder balancerPolicy(BalancerProvider policy) {
			this.balancerPolicies.add(Objects.requireNonNull(policy, "policy"));
			return this;
		}

		/**
		 * Adds a resolver for its scheme, in place of another one for the same scheme.
		 * @param resolver the resolver
		 */
		public Builder resolver(Resolver resolver) {
			Map<String, Resolver> more = new HashMap<>(this.resolvers);
			more.put(resolver.scheme(), resolver);
			this.resolvers = more;
			return this;
		}

		/**
		 * Sets the service config that is used until {@link #serviceConfigUpdates}
		 * delivers another. Default: empty.
		 * @param serviceConfig the gRPC service config as JSON-like maps, lists, strings,
		 * numbers and booleans
		 */
		public Builder serviceConfig(Map<String, ?> serviceConfig) {
			this.serviceConfig = ServiceConfig.fromMap(serviceConfig);
			return this;
		}

		/**
		 * Subscribes to service configs; each replaces the one before. A blocking dial
		 * waits for the first within its timeout, a non-blocking one does not wait
		 * (seed-spec K35). A stream that ends or fails leaves the last config in force.
		 * @param serviceConfigUpdates the stream
		 */
		public Builder serviceConfigUpdates(Flow.Publisher<ServiceConfig> serviceConfigUpdates) {
			this.serviceConfigUpdates = Objects.requireNonNull(serviceConfigUpdates, "serviceConfigUpdates");
			return this;
		}

		/**
		 * Sets the longest delay between connection attempts; the rest of the backoff
		 * returns to its defaults, as in Go. Default: 120 s.
		 * @param maxDelay the cap; zero keeps the default, as in Go; not negative
		 */
		public Builder backoffMaxDelay(Duration maxDelay) {
			requireNotNegative("backoffMaxDelay", maxDelay);
			this.backoff = maxDelay.isZero() ? BackoffConfig.DEFAULT : BackoffConfig.DEFAULT.withMaxDelay(maxDelay);
			return this;
		}

		/**
		 * Sets the delays between connection attempts.
		 * @param backoff the configuration
		 */
		public Builder backoff(BackoffConfig backoff) {
			this.backoff = Objects.requireNonNull(backoff, "backoff");
			return this;
		}

		/**
		 * Sets the least time that a connection attempt is given; it is given the current
		 * backoff delay if that is longer. Default: 20 s.
		 * @param minConnectTimeout positive
		 */
		public Builder minConnectTimeout(Duration minConnectTimeout) {
			this.minConnectTimeout = requirePositive("minConnectTimeout", minConnectTimeout);
			return this;
		}

		/**
		 * Sets whether dial waits for the first READY address (seed-spec K4). Default:
		 * no.
		 * @param block whether to wait
		 */
		public Builder block(boolean block) {
			this.block = block;
			return this;
		}

		/**
		 * Sets whether look-ups and connections wait for the first call, or for
		 * {@link ClientConn#getState getState(true)}. Not together with {@link #block}.
		 * Default: no, they start with the dial.
		 * @param lazy whether to wait
		 */
		public Builder lazy(boolean lazy) {
			this.lazy = lazy;
			return this;
		}

		/**
		 * Sets how long a blocking dial waits; it has no effect on another one (seed-spec
		 * K35). Default: without limit.
		 * @param timeout not negative; zero for no limit
		 */
		public Builder timeout(Duration timeout) {
			this.timeout = requireNotNegative("timeout", timeout);
			return this;
		}

		/**
		 * Talks plaintext. Either this or {@link #transportCredentials} is mandatory.
		 */
		public Builder insecure() {
			this.insecure = true;
			return this;
		}

		/**
		 * Sets the transport security, which may be
		 * {@link TransportCredentials#insecure()}.
		 * @param credentials the credentials
		 */
		public Builder transportCredentials(TransportCredentials credentials) {
			this.transportCredentials = Objects.requireNonNull(credentials, "credentials");
			return this;
		}

		/**
		 * Adds credentials that every call carries. Accumulates.
		 * @param credentials the credentials
		 */
		public Builder perRpcCredentials(PerRpcCredentials credentials) {
			this.perRpcCredentials.add(Objects.requireNonNull(credentials, "credentials"));
			return this;
		}

		/**
		 * Replaces the TCP dialer.
		 * @param dialer makes connected channels
		 */
		public Builder dialer(Dialer dialer) {
			this.dialer = Objects.requireNonNull(dialer, "dialer");
			return this;
		}

		/**
		 * Adds a handler of connection and call events. Accumulates.
		 * @param handler the handler
		 */
		public Builder statsHandler(StatsHandler handler) {
			this.statsHandlers.add(Objects.requireNonNull(handler, "handler"));
			return this;
		}

		/**
		 * Sets whether a blocking dial gives up at the first error that time will not
		 * cure, such as a refused connection or a bad certificate. Connecting goes on in
		 * every other case (seed-spec K17). Default: no.
		 * @param fail whether to give up
		 */
		public Builder failOnNonTemporaryDialError(boolean fail) {
			this.failOnNonTemporaryDialError = fail;
			return this;
		}

		/**
		 * Sets what stands before our own name in the {@code user-agent} of calls.
		 * @param userAgent such as {@code shop/1.4}; printable ASCII
		 */
		public Builder userAgent(String userAgent) {
			this.userAgent = HeaderText.requireAscii("userAgent", userAgent);
			return this;
		}

		/**
		 * Adds an interceptor of unary calls. Accumulates; the first is the outermost.
		 * @param interceptor the interceptor
		 */
		public Builder unaryInterceptor(ClientInterceptor interceptor) {
			this.unaryInterceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
			return this;
		}

		/**
		 * Adds an interceptor of streaming calls. Accumulates; the first is the
		 * outermost.
		 * @param interceptor the interceptor
		 */
		public Builder streamInterceptor(ClientInterceptor interceptor) {
			this.streamInterceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
			return this;
		}

		/**
		 * Sets the {@code :authority} of calls, which is also the name that TLS verifies.
		 * It must not differ from a server name of the credentials. Default: from the
		 * target.
		 * @param authority {@code host} or {@code host:port}
		 */
		public Builder authority(String authority) {
			this.authority = HeaderText.requireAscii("authority", authority);
			return this;
		}

		/**
		 * Sets the largest response message that is accepted. Default: 4 MiB.
		 * @param bytes not negative
		 */
		public Builder maxInboundMessageSize(int bytes) {
			this.maxInboundMessageSize = requireAtLeast("maxInboundMessageSize", bytes, 0);
			return this;
		}

		/**
		 * Sets the largest request message that is sent, before compression; a call with
		 * a larger one ends with RESOURCE_EXHAUSTED. Calls may set a limit of their own,
		 * and a service config a smaller one. Default: no limit.
		 * @param bytes not negative
		 */
		public Builder maxOutboundMessageSize(int bytes) {
			this.maxOutboundMessageSize = requireAtLeast("maxOutboundMessageSize", bytes, 0);
			return this;
		}

		/**
		 * Sets the largest response header list that is accepted. Default: 8 KiB.
		 * @param bytes positive
		 */
		public Builder maxInboundMetadataSize(int bytes) {
			this.maxInboundMetadataSize = requireAtLeast("maxInboundMetadataSize", bytes, 1);
			return this;
		}

		/**
		 * Fixes the HTTP/2 receive window of streams and connections. Default: it starts
		 * at 1 MiB and grows with the measured bandwidth-delay product.
		 * @param bytes at least 65,535
		 */
		public Builder flowControlWindow(int bytes) {
			this.flowControlWindow = requireAtLeast("flowControlWindow", bytes, 65_535);
			return this;
		}

		/**
		 * Lets each connection ask a silent server whether it is still there, and gives
		 * it up if there is no answer. After a server has complained of too many PINGs,
		 * connections made later ask half as often. Default: no, and a dead server is
		 * noticed when the kernel gives up, after about 15 minutes.
		 * @param keepalive when to ask
		 */
		public Builder keepalive(KeepaliveParams keepalive) {
			this.keepalive = Objects.requireNonNull(keepalive, "keepalive");
			return this;
		}

		/**
		 * Sets whether calls wait for a READY address unless a service config or the call
		 * itself says otherwise. Default: no, they fail fast.
		 * @param waitForReady whether to wait
		 */
		public Builder waitForReady(boolean waitForReady) {
			this.waitForReady = waitForReady;
			return this;
		}

		/**
		 * Sets whether retry and hedging policies of the service config count, and what
		 * may be kept for them.
		 * @param retry the options, {@link RetryOptions#DEFAULT} by default
		 */
		public Builder retry(RetryOptions retry) {
			this.retry = Objects.requireNonNull(retry, "retry");
			return this;
		}

		/**
		 * Sets {@link RetryOptions#enabled()} alone.
		 * @param enabled whether policies count, {@code true} by default
		 */
		public Builder retryEnabled(boolean enabled) {
			return retry(this.retry.withEnabled(enabled));
		}

		/**
		 * Sets the deadline of calls that have none of their own. Default: none.
		 * @param deadline positive
		 */
		public Builder defaultDeadline(Duration deadline) {
			this.defaultDeadline = requirePositive("defaultDeadline", deadline);
			return this;
		}

		/**
		 * Sets when calls are sent a second time before the first attempt has answered.
		 * Default: never, but by a hedging policy of the service config.
		 * @param hedging the options
		 */
		public Builder hedging(HedgingOptions hedging) {
			this.hedging = Objects.requireNonNull(hedging, "hedging");
			return this;
		}

		/**
		 * Sets what calls take from the deadline of their context. Default:
		 * {@link DeadlinePropagation#DEFAULT}.
		 * @param propagation whether the deadline counts, and with which margin
		 */
		public Builder deadlinePropagation(DeadlinePropagation propagation) {
			this.deadlinePropagation = Objects.requireNonNull(propagation, "propagation");
			return this;
		}

		/**
		 * Sets how many calls may wait for a connection. Default:
		 * {@link QueueLimits#DEFAULT}.
		 * @param limits calls and bytes
		 */
		public Builder queueLimits(QueueLimits limits) {
			this.queueLimits = Objects.requireNonNull(limits, "limits");
			return this;
		}

		/**
		 * Sets where call listeners run unless a call says otherwise. A direct executor
		 * runs them on event loops, where they must not block. Default: a shared pool.
		 * @param executor the executor; not shut down by us
		 */
		public Builder executor(Executor executor) {
			this.executor = Objects.requireNonNull(executor, "executor");
			return this;
		}

		/**
		 * Sets where connections live. Default: one group shared by the process.
		 * @param group the group; not shut down by us
		 */
		public Builder eventLoopGroup(EventLoopGroup group) {
			this.eventLoopGroup = Objects.requireNonNull(group, "group");
			return this;
		}

		/**
		 * Sets how many connections an address has, and for how long. Default:
		 * {@link ConnectionsConfig#DEFAULT}.
		 * @param connections the limits
		 */
		public Builder connections(ConnectionsConfig connections) {
			this.connections = Objects.requireNonNull(connections, "connections");
			return this;
		}

		/**
		 * Sets how many connections an address may have, see
		 * {@link ConnectionsConfig#maxPerAddress}. Default: what the service config says,
		 * else 1.
		 * @param maxConnectionsPerAddress at least 1
		 */
		public Builder maxConnectionsPerAddress(int maxConnectionsPerAddress) {
			return connections(this.connections.withMaxPerAddress(maxConnectionsPerAddress));
		}

		/**
		 * Sets how long a drained connection, or {@link ClientConn#close()}, lets calls
		 * finish before it ends them. Default: 5 minutes.
		 * @param drainTimeout not negative
		 */
		public Builder drainTimeout(Duration drainTimeout) {
			this.drainTimeout = requireNotNegative("drainTimeout", drainTimeout);
			return this;
		}

		/**
		 * Sets after how long without a call connections are let go and look-ups cease.
		 * The next call connects again, and waits for that. A call that is open, or waits
		 * to be sent, counts, whatever it does; a health check does not. Noticed at most
		 * a tenth of the time late. Default: never.
		 * @param idleTimeout at least 1 s; zero, or 30 days and more, for never
		 */
		public Builder idleTimeout(Duration idleTimeout) {
			requireNotNegative("idleTimeout", idleTimeout);
			if (!idleTimeout.isZero() && idleTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
				throw new IllegalArgumentException(
						"idleTimeout: " + idleTimeout + " (expected: at least PT1S, or zero for never)");
			}
			this.idleTimeout = idleTimeout;
			return this;
		}

		/**
		 * Has calls go only to addresses whose server says by
		 * {@code grpc.health.v1.Health/Watch} that it serves (gRFC A17); the others stay
		 * connected. Costs one stream of each connection. Not with {@code pick_first}.
		 * Wins over the service config. Default: what its {@code healthCheckConfig} says.
		 * @param serviceName what to ask for; empty for the server as a whole
		 */
		public Builder healthCheck(String serviceName) {
			this.healthCheck = new HealthCheckOption(false, Objects.requireNonNull(serviceName, "serviceName"));
			return this;
		}

		/**
		 * Has calls go to all addresses that are connected, whatever the service config
		 * says of health checks ({@code WithDisableHealthCheck} in Go).
		 */
		public Builder disableHealthCheck() {
			this.healthCheck = HealthCheckOption.DISABLED;
			return this;
		}

		Builder scheduler(Scheduler scheduler) {
			this.scheduler = scheduler;
			return this;
		}

		Builder random(RandomGenerator random) {
			this.random = random;
			return this;
		}

		Builder maxStreamId(int maxStreamId) {
			this.maxStreamId = maxStreamId;
			return this;
		}

		/**
		 * Returns the options.
		 * @return immutable options
		 */
		public DialOptions build() {
			if (this.block && this.lazy) {
				throw new IllegalArgumentException(
						"block: true (expected: false with lazy: true, which does not connect)");
			}
			return new DialOptions(this);
		}

		private static int requireAtLeast(String name, int value, int least) {
			if (value < least) {
				throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
			}
			return value;
		}

		private static Duration requireNotNegative(String name, Duration value) {
			if (Objects.requireNonNull(value, name).isNegative()) {
				throw new IllegalArgumentException(name + ": " + value + " (expected: not negative)");
			}
			return value;
		}

		private static Duration requirePositive(String name, Duration value) {
			if (requireNotNegative(name, value).isZero()) {
				throw new IllegalArgumentException(name + ": " + value + " (expected: positive)");
			}
			return value;
		}

	}

}
