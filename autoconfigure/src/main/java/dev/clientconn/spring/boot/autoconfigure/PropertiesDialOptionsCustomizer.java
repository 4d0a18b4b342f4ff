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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.clientconn.BackoffConfig;
import dev.clientconn.ConnectionsConfig;
import dev.clientconn.DialOptions;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.spring.boot.autoconfigure.ConnectProperties.Mode;
import dev.clientconn.transport.KeepaliveParams;

import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

/**
 * Maps the properties of a channel to its options, and does no more.
 *
 * @param properties the properties of all channels
 * @param security maps the security properties
 * @param details know targets and certificates better than the properties
 * @param groups map more of the properties
 */
record PropertiesDialOptionsCustomizer(ClientConnProperties properties, ChannelSecurity security,
		ChannelDetails details, List<ChannelMapping> groups) implements DialOptionsCustomizer, Ordered {

	/** Long enough for a connection attempt to use up its least time. */
	private static final Duration DEFAULT_BLOCK_TIMEOUT = Duration.ofSeconds(20);

	/** Within the 30 s that Spring gives each phase of a shutdown. */
	static final Duration DEFAULT_GRACE_PERIOD = Duration.ofSeconds(30);

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		ChannelSettings settings = ChannelSettings.of(this.properties, channel);
		if (!this.details.applySecurity(settings, builder)) {
			this.security.apply(settings, builder);
		}
		settings.get("authority", ChannelProperties::getAuthority).to(builder::authority);
		settings.get("user-agent", ChannelProperties::getUserAgent).to(builder::userAgent);
		settings.get("idle-timeout", ChannelProperties::getIdleTimeout).to(builder::idleTimeout);
		applyBalancer(settings, builder);
		applyConnect(settings, builder);
		applyBackoff(settings, builder);
		settings.get("message.max-inbound-size", (p) -> p.getMessage().getMaxInboundSize())
			.as(PropertiesDialOptionsCustomizer::bytes)
			.to(builder::maxInboundMessageSize);
		settings.get("message.max-outbound-size", (p) -> p.getMessage().getMaxOutboundSize())
			.as(PropertiesDialOptionsCustomizer::bytes)
			.to(builder::maxOutboundMessageSize);
		settings.get("metadata.max-inbound-size", (p) -> p.getMetadata().getMaxInboundSize())
			.as(PropertiesDialOptionsCustomizer::bytes)
			.to(builder::maxInboundMetadataSize);
		settings.get("flow-control.initial-window", (p) -> p.getFlowControl().getInitialWindow())
			.as(PropertiesDialOptionsCustomizer::bytes)
			.to(builder::flowControlWindow);
		applyKeepalive(settings, builder);
		applyConnections(settings, builder);
		settings.get("shutdown.grace-period", (p) -> p.getShutdown().getGracePeriod())
			.or(DEFAULT_GRACE_PERIOD)
			.to(builder::drainTimeout);
		this.groups.forEach((group) -> group.apply(settings, builder));
	}

	private void applyBalancer(ChannelSettings settings, DialOptions.Builder builder) {
		settings.get("balancer.policy", (p) -> p.getBalancer().getPolicy())
			.as((policy) -> balancer(policy,
					this.details.beans().forChannel(settings.channel(), BalancerProvider.class)))
			.to(builder::balancer);
	}

	private static BalancerProvider balancer(String policy, List<BalancerProvider> ofBeans) {
		BalancerProvider builtIn = Balancers.forPolicy(policy);
		return ofBeans.stream()
			.filter((provider) -> canonical(provider.policy()).equals(canonical(policy)))
			.findFirst()
			.or(() -> Optional.ofNullable(builtIn))
			.orElseThrow(
					() -> new IllegalArgumentException("unknown policy (expected: one of " + policies(ofBeans) + ")"));
	}

	private static Set<String> policies(List<BalancerProvider> ofBeans) {
		Set<String> policies = new TreeSet<>();
		Balancers.names().forEach((name) -> policies.add(name.replace('_', '-')));
		ofBeans.forEach((provider) -> policies.add(provider.policy()));
		return policies;
	}

	private static void applyConnect(ChannelSettings settings, DialOptions.Builder builder) {
		// Eager channels start asleep too: the lifecycle wakes them once the
		// application's own service is registered.
		builder.block(settings.connectMode() == Mode.BLOCK).lazy(settings.connectMode() != Mode.BLOCK);
		settings.get("connect.timeout", (p) -> p.getConnect().getTimeout())
			.or(DEFAULT_BLOCK_TIMEOUT)
			.to(builder::timeout);
		settings.get("connect.min-timeout", (p) -> p.getConnect().getMinTimeout()).to(builder::minConnectTimeout);
		settings.get("connect.fail-on-error", (p) -> p.getConnect().getFailOnError())
			.to(builder::failOnNonTemporaryDialError);
	}

	private static void applyBackoff(ChannelSettings settings, DialOptions.Builder builder) {
		BackoffConfig[] config = { BackoffConfig.DEFAULT };
		settings.get("backoff.base-delay", (p) -> p.getBackoff().getBaseDelay())
			.to((value) -> config[0] = new BackoffConfig(value, config[0].multiplier(), config[0].jitter(),
					config[0].maxDelay(), config[0].jitterFirst()));
		settings.get("backoff.multiplier", (p) -> p.getBackoff().getMultiplier())
			.to((value) -> config[0] = new BackoffConfig(config[0].baseDelay(), value, config[0].jitter(),
					config[0].maxDelay(), config[0].jitterFirst()));
		settings.get("backoff.jitter", (p) -> p.getBackoff().getJitter())
			.to((value) -> config[0] = new BackoffConfig(config[0].baseDelay(), config[0].multiplier(), value,
					config[0].maxDelay(), config[0].jitterFirst()));
		settings.get("backoff.max-delay", (p) -> p.getBackoff().getMaxDelay())
			.to((value) -> config[0] = config[0].withMaxDelay(value));
		builder.backoff(config[0]);
	}

	private static void applyKeepalive(ChannelSettings settings, DialOptions.Builder builder) {
		Setting<KeepaliveParams> set = settings.get("keepalive.time", (p) -> p.getKeepalive().getTime())
			.as(KeepaliveParams::ofTime);
		// The other two may come from the defaults; they are checked even where no time
		// is set.
		KeepaliveParams[] params = { set.orElse(KeepaliveParams.ofTime(KeepaliveParams.MIN_TIME)) };
		settings.get("keepalive.timeout", (p) -> p.getKeepalive().getTimeout())
			.to((value) -> params[0] = params[0].withTimeout(value));
		settings.get("keepalive.without-calls", (p) -> p.getKeepalive().getWithoutCalls())
			.to((value) -> params[0] = params[0].withWithoutCalls(value));
		set.to((time) -> builder.keepalive(params[0]));
	}

	private static void applyConnections(ChannelSettings settings, DialOptions.Builder builder) {
		ConnectionsConfig[] config = { ConnectionsConfig.DEFAULT };
		settings.get("connections.max-per-address", (p) -> p.getConnections().getMaxPerAddress())
			.to((value) -> config[0] = config[0].withMaxPerAddress(value));
		settings.get("connections.min-headroom", (p) -> p.getConnections().getMinHeadroom())
			.to((value) -> config[0] = config[0].withMinHeadroom(value));
		settings.get("connections.scale-down-after", (p) -> p.getConnections().getScaleDownAfter())
			.to((value) -> config[0] = config[0].withScaleDownAfter(value));
		settings.get("connections.max-age", (p) -> p.getConnections().getMaxAge())
			.to((value) -> config[0] = config[0].withMaxAge(value));
		builder.connections(config[0]);
	}

	private static String canonical(String policy) {
		return policy.replace('-', '_');
	}

	private static int bytes(DataSize size) {
		if (size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException(size + " (expected: at most " + Integer.MAX_VALUE + "B)");
		}
		return (int) size.toBytes();
	}

}
