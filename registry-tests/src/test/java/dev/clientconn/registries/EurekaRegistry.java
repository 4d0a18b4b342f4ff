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

import java.util.List;
import java.util.Map;

import com.netflix.appinfo.DataCenterInfo;
import com.netflix.appinfo.InstanceInfo;
import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import com.netflix.appinfo.LeaseInfo;
import com.netflix.appinfo.MyDataCenterInfo;
import com.netflix.discovery.shared.resolver.DefaultEndpoint;
import com.netflix.discovery.shared.transport.EurekaHttpClient;
import com.netflix.discovery.shared.transport.EurekaHttpResponse;
import dev.clientconn.testing.EchoServer;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.configuration.TlsProperties;
import org.springframework.cloud.netflix.eureka.http.RestClientTransportClientFactory;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * A Eureka server. Backends enter it by Eureka's own client for HTTP, with a lease that
 * outlives the test.
 */
final class EurekaRegistry implements TestRegistry {

	private static final int LEASE_SECONDS = 600;

	private final EurekaHttpClient client;

	private int port;

	private ConfigurableApplicationContext server;

	EurekaRegistry() {
		start();
		this.client = new RestClientTransportClientFactory(new TlsProperties(),
				(sslContext, hostnameVerifier) -> new JdkClientHttpRequestFactory())
			.newClient(new DefaultEndpoint("http://127.0.0.1:" + this.port + "/eureka/"));
	}

	/** Starts a server that knows no instance, on the same port as before. */
	void start() {
		this.server = new SpringApplicationBuilder(Server.class).run("--spring.config.name=eureka-server",
				"--server.port=" + this.port);
		this.port = ((WebServerApplicationContext) this.server).getWebServer().getPort();
	}

	void stop() {
		this.server.close();
	}

	@Override
	public int port() {
		return this.port;
	}

	@Override
	public List<String> properties(int port) {
		return List.of("eureka.client.service-url.defaultZone=http://127.0.0.1:" + port + "/eureka/");
	}

	@Override
	public void register(EchoServer backend) {
		expect(204,
				this.client.register(InstanceInfo.Builder.newBuilder()
					.setAppName("svc")
					.setVIPAddress("svc")
					.setInstanceId(instanceId(backend))
					.setHostName("127.0.0.1")
					.setIPAddr("127.0.0.1")
					.setPort(HTTP_PORT)
					.setDataCenterInfo(new MyDataCenterInfo(DataCenterInfo.Name.MyOwn))
					.setLeaseInfo(LeaseInfo.Builder.newBuilder().setDurationInSecs(LEASE_SECONDS).build())
					.setStatus(InstanceStatus.UP)
					.setMetadata(Map.of("gRPC_port", Integer.toString(backend.port())))
					.build()));
	}

	@Override
	public void deregister(EchoServer backend) {
		this.client.cancel("SVC", instanceId(backend));
	}

	@Override
	public void close() {
		this.client.shutdown();
		stop();
	}

	private static String instanceId(EchoServer backend) {
		return "svc-" + backend.port();
	}

	private static void expect(int status, EurekaHttpResponse<Void> response) {
		if (response.getStatusCode() != status) {
			throw new IllegalStateException("Eureka answers " + response.getStatusCode());
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableEurekaServer
	static class Server {

	}

}
