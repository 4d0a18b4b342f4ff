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

package dev.clientconn.sample;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import com.netflix.appinfo.DataCenterInfo;
import com.netflix.appinfo.InstanceInfo;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import com.netflix.appinfo.LeaseInfo;
import com.netflix.appinfo.MyDataCenterInfo;
import com.netflix.discovery.shared.resolver.DefaultEndpoint;
import com.netflix.discovery.shared.transport.EurekaHttpClient;
import jakarta.annotation.PreDestroy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cloud.configuration.TlsProperties;
import org.springframework.cloud.netflix.eureka.http.RestClientTransportClientFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;

/**
 * Registers each backend in Eureka as an instance of its own, and renews the leases. One
 * process has one Eureka client by default, which registers one instance; so this speaks
 * to Eureka by that client's HTTP layer.
 */
@Component
@Profile("eureka")
class EurekaRegistry implements Registry {

	private static final Logger logger = LoggerFactory.getLogger(EurekaRegistry.class);

	private static final int RENEWAL_SECONDS = 1;

	private static final int LEASE_SECONDS = 5;

	private final List<InstanceInfo> instances = new CopyOnWriteArrayList<>();

	private final EurekaHttpClient eureka;

	private final ScheduledExecutorService renewals = Executors
		.newSingleThreadScheduledExecutor((task) -> new Thread(task, "eureka-renewals"));

	// Under the monitor of this.
	private boolean failing;

	EurekaRegistry(EmbeddedEureka server) {
		this.eureka = new RestClientTransportClientFactory(new TlsProperties(),
				(sslContext, hostnameVerifier) -> new JdkClientHttpRequestFactory())
			.newClient(new DefaultEndpoint(server.url()));
		this.renewals.scheduleWithFixedDelay(this::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void add(Backend.State backend) {
		InstanceInfo instance = InstanceInfo.Builder.newBuilder()
			.setInstanceId(SERVICE + "-" + backend.number())
			.setAppName(SERVICE)
			.setVIPAddress(SERVICE)
			.setHostName(backend.host())
			.setIPAddr(backend.host())
			// The port of an instance is its web server's; these backends have none.
			.setPort(0)
			.setMetadata(Map.of("gRPC_port", Integer.toString(backend.port())))
			.setDataCenterInfo(new MyDataCenterInfo(DataCenterInfo.Name.MyOwn))
			.setLeaseInfo(LeaseInfo.Builder.newBuilder()
				.setRenewalIntervalInSecs(RENEWAL_SECONDS)
				.setDurationInSecs(LEASE_SECONDS)
				.build())
			.setStatus(InstanceStatus.UP)
			.build();
		this.instances.add(instance);
		tell(() -> this.eureka.register(instance));
	}

	private void renew() {
		tell(() -> this.instances.forEach((instance) -> {
			int status = this.eureka
				.sendHeartBeat(instance.getAppName(), instance.getId(), instance, instance.getStatus())
				.getStatusCode();
			if (status == HttpStatus.NOT_FOUND.value()) { // Eureka was restarted.
				this.eureka.register(instance);
			}
		}));
	}

	/** What fails is made up for by the next renewal. */
	private synchronized void tell(Runnable requests) {
		try {
			requests.run();
			this.failing = false;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				logger.warn("Eureka cannot be told of the backends: {}", ex.getMessage());
			}
			this.failing = true;
		}
	}

	@PreDestroy
	void stop() {
		this.renewals.shutdownNow();
		this.eureka.shutdown();
	}

}
