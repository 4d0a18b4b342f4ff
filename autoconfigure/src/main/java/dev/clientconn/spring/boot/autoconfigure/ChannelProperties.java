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

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * Properties of one channel, or of all channels when used as the defaults. Every leaf may
 * be unset: the channel's value wins over the default, and the default over what is built
 * in.
 */
public class ChannelProperties {

	/**
	 * Target to dial, such as 'dns:///orders:9090',
	 * 'static://10.0.0.1:9090,10.0.0.2:9090' or 'discovery:///orders'.
	 */
	private @Nullable String target;

	/**
	 * Authority of calls, which is also the name that TLS verifies. Taken from the target
	 * unless set.
	 */
	private @Nullable String authority;

	/**
	 * Text to put before our own name in the user-agent of calls.
	 */
	private @Nullable String userAgent;

	/**
	 * Whether to talk plaintext. Each channel chooses for itself; not accepted in the
	 * defaults.
	 */
	private @Nullable Boolean insecure;

	/**
	 * Time without a call after which connections are let go until the next call, at
	 * least 1 s. Never unless set; 0 for never.
	 */
	private @Nullable Duration idleTimeout;

	/**
	 * Names of ClientInterceptor beans, the first one outermost. They come after the
	 * global interceptors.
	 */
	private @Nullable List<String> interceptors;

	/**
	 * Service config of gRPC, as a tree with the names of its JSON form or in kebab-case,
	 * where durations and sizes may have any unit; or as JSON text, or the location of a
	 * JSON file.
	 */
	private @Nullable ServiceConfigProperties serviceConfig;

	/**
	 * JSON file with the service config of gRPC.
	 */
	private @Nullable Resource serviceConfigLocation;

	@NestedConfigurationProperty
	private final DeadlineProperties deadline = new DeadlineProperties();

	@NestedConfigurationProperty
	private final QueueProperties queue = new QueueProperties();

	/**
	 * Name of the Executor bean that runs the listeners of calls. Virtual threads if
	 * 'spring.threads.virtual.enabled' is set, else a shared pool, unless set.
	 */
	private @Nullable String executor;

	@NestedConfigurationProperty
	private final SslProperties ssl = new SslProperties();

	@NestedConfigurationProperty
	private final CredentialsProperties credentials = new CredentialsProperties();

	private final Balancer balancer = new Balancer();

	@NestedConfigurationProperty
	private final ConnectProperties connect = new ConnectProperties();

	@NestedConfigurationProperty
	private final BackoffProperties backoff = new BackoffProperties();

	@NestedConfigurationProperty
	private final CallProperties call = new CallProperties();

	@NestedConfigurationProperty
	private final BinaryLogProperties binaryLog = new BinaryLogProperties();

	@NestedConfigurationProperty
	private final MessageProperties message = new MessageProperties();

	private final Metadata metadata = new Metadata();

	private final FlowControl flowControl = new FlowControl();

	@NestedConfigurationProperty
	private final KeepaliveProperties keepalive = new KeepaliveProperties();

	@NestedConfigurationProperty
	private final RetryProperties retry = new RetryProperties();

	@NestedConfigurationProperty
	private final HedgingProperties hedging = new HedgingProperties();

	@NestedConfigurationProperty
	private final ConnectionsProperties connections = new ConnectionsProperties();

	private final Shutdown shutdown = new Shutdown();

	@NestedConfigurationProperty
	private final DiscoveryProperties discovery = new DiscoveryProperties();

	@NestedConfigurationProperty
	private final ChannelHealthProperties health = new ChannelHealthProperties();

	@NestedConfigurationProperty
	private final HealthCheckProperties healthCheck = new HealthCheckProperties();

	public @Nullable String getTarget() {
		return this.target;
	}

	public void setTarget(@Nullable String target) {
		this.target = target;
	}

	public @Nullable String getAuthority() {
		return this.authority;
	}

	public void setAuthority(@Nullable String authority) {
		this.authority = authority;
	}

	public @Nullable String getUserAgent() {
		return this.userAgent;
	}

	public void setUserAgent(@Nullable String userAgent) {
		this.userAgent = userAgent;
	}

	public @Nullable Boolean getInsecure() {
		return this.insecure;
	}

	public void setInsecure(@Nullable Boolean insecure) {
		this.insecure = insecure;
	}

	public @Nullable Duration getIdleTimeout() {
		return this.idleTimeout;
	}

	public void setIdleTimeout(@Nullable Duration idleTimeout) {
		this.idleTimeout = idleTimeout;
	}

	public @Nullable List<String> getInterceptors() {
		return this.interceptors;
	}

	public void setInterceptors(@Nullable List<String> interceptors) {
		this.interceptors = interceptors;
	}

	public @Nullable ServiceConfigProperties getServiceConfig() {
		return this.serviceConfig;
	}

	public void setServiceConfig(@Nullable ServiceConfigProperties serviceConfig) {
		this.serviceConfig = serviceConfig;
	}

	public @Nullable Resource getServiceConfigLocation() {
		return this.serviceConfigLocation;
	}

	public void setServiceConfigLocation(@Nullable Resource serviceConfigLocation) {
		this.serviceConfigLocation = serviceConfigLocation;
	}

	public @Nullable String getExecutor() {
		return this.executor;
	}

	public void setExecutor(@Nullable String executor) {
		this.executor = executor;
	}

	public SslProperties getSsl() {
		return this.ssl;
	}

	public CredentialsProperties getCredentials() {
		return this.credentials;
	}

	public Balancer getBalancer() {
		return this.balancer;
	}

	public ConnectProperties getConnect() {
		return this.connect;
	}

	public BackoffProperties getBackoff() {
		return this.backoff;
	}

	public CallProperties getCall() {
		return this.call;
	}

	public BinaryLogProperties getBinaryLog() {
		return this.binaryLog;
	}

	public MessageProperties getMessage() {
		return this.message;
	}

	public Metadata getMetadata() {
		return this.metadata;
	}

	public FlowControl getFlowControl() {
		return this.flowControl;
	}

	public DeadlineProperties getDeadline() {
		return this.deadline;
	}

	public QueueProperties getQueue() {
		return this.queue;
	}

	public KeepaliveProperties getKeepalive() {
		return this.keepalive;
	}

	public RetryProperties getRetry() {
		return this.retry;
	}

	public HedgingProperties getHedging() {
		return this.hedging;
	}

	public ConnectionsProperties getConnections() {
		return this.connections;
	}

	public Shutdown getShutdown() {
		return this.shutdown;
	}

	public DiscoveryProperties getDiscovery() {
		return this.discovery;
	}

	public ChannelHealthProperties getHealth() {
		return this.health;
	}

	public HealthCheckProperties getHealthCheck() {
		return this.healthCheck;
	}

	/**
	 * Choice of an address for each call.
	 */
	public static class Balancer {

		/**
		 * Name of the balancer policy, or of the policy of a BalancerProvider bean.
		 */
		private @Nullable String policy;

		public @Nullable String getPolicy() {
			return this.policy;
		}

		public void setPolicy(@Nullable String policy) {
			this.policy = policy;
		}

	}

	/**
	 * Headers and trailers.
	 */
	public static class Metadata {

		/**
		 * Largest list of response headers or trailers to accept.
		 */
		private @Nullable DataSize maxInboundSize;

		public @Nullable DataSize getMaxInboundSize() {
			return this.maxInboundSize;
		}

		public void setMaxInboundSize(@Nullable DataSize maxInboundSize) {
			this.maxInboundSize = maxInboundSize;
		}

	}

	/**
	 * HTTP/2 flow control.
	 */
	public static class FlowControl {

		/**
		 * Fixed receive window of streams and connections, at least 65535 bytes. Unless
		 * set, 1 MiB at first and adapted to the measured bandwidth and delay.
		 */
		private @Nullable DataSize initialWindow;

		public @Nullable DataSize getInitialWindow() {
			return this.initialWindow;
		}

		public void setInitialWindow(@Nullable DataSize initialWindow) {
			this.initialWindow = initialWindow;
		}

	}

	/**
	 * End of the application.
	 */
	public static class Shutdown {

		/**
		 * Time that calls in flight are given when the application stops or an address is
		 * removed, before they are cancelled.
		 */
		private @Nullable Duration gracePeriod;

		public @Nullable Duration getGracePeriod() {
			return this.gracePeriod;
		}

		public void setGracePeriod(@Nullable Duration gracePeriod) {
			this.gracePeriod = gracePeriod;
		}

	}

}
