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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceAddressesTests {

	private final List<String> skipped = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(strings = { "gRPC_port", "gRPC.port", "grpc.port", "grpc-port", "grpcPort", "GRPC_PORT", "port.grpc" })
	void theGrpcPortComesFromTheMetadata(String key) {
		assertThat(addresses(instance("a", 8080, Map.of(key, "9090", "other", "1")))).extracting(Address::addr)
			.containsExactly("a:9090");
	}

	@Test
	void theFirstKeyWins() {
		assertThat(addresses(instance("a", 8080, Map.of("port.grpc", "2", "grpc.port", "1")))).extracting(Address::addr)
			.containsExactly("a:1");
	}

	@Test
	void withoutMetadataTheInstancesOwnPortIsUsed() {
		ServiceInstance bare = new ServiceInstance() {

			@Override
			public String getServiceId() {
				return "greeter";
			}

			@Override
			public String getHost() {
				return "::1";
			}

			@Override
			public int getPort() {
				return 9090;
			}

			@Override
			public boolean isSecure() {
				return false;
			}

			@Override
			public URI getUri() {
				return URI.create("http://[::1]:9090");
			}

			@Override
			public Map<String, String> getMetadata() {
				return null;
			}

		};

		assertThat(addresses(bare)).containsExactly(Address.of("[::1]:9090"));
	}

	@Test
	void aBadInstanceIsSkippedAlone() {
		List<Address> addresses = addresses(instance("a", 8080, Map.of("grpc.port", "abc")),
				instance("b", -1, Map.of()), instance(" ", 9090, Map.of()), instance("d", 9090, Map.of()));

		assertThat(addresses).extracting(Address::addr).containsExactly("d:9090");
		assertThat(this.skipped).hasSize(3);
		assertThat(this.skipped.get(0)).contains("a:8080").contains("grpc.port=\"abc\"");
		assertThat(this.skipped.get(1)).contains("b:-1").contains("out of range");
		assertThat(this.skipped.get(2)).contains("host is missing");
	}

	@Test
	void eachAddressIsThereOnceWithTheMetadataOfAll() {
		List<Address> addresses = addresses(instance("a", 9090, Map.of("weight", "1")),
				instance("a", 9090, Map.of("weight", "2", "zone", "x")));

		assertThat(addresses).containsExactly(Address.of("a:9090").withMetadata(Map.of("weight", "1", "zone", "x")));
	}

	@Test
	void theOrderIsZoneHostPort() {
		assertThat(addresses(instance("b", 1, Map.of()), instance("a", 20, Map.of()), instance("a", 3, Map.of()),
				instance("c", 1, Map.of("zone", "x")), instance("0", 1, Map.of("zone", "y"))))
			.extracting(Address::addr)
			.containsExactly("a:3", "a:20", "b:1", "c:1", "0:1");
	}

	private List<Address> addresses(ServiceInstance... instances) {
		return new InstanceAddresses(DiscoverySettings.DEFAULT.portMetadataKeys()).of(List.of(instances),
				this.skipped::add);
	}

	private static ServiceInstance instance(String host, int port, Map<String, String> metadata) {
		return new DefaultServiceInstance(null, "greeter", host, port, false, metadata);
	}

}
