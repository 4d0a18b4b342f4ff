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
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceAddressesTests {

	private DiscoverySettings.Instances settings = DiscoverySettings.DEFAULT.instances();

	@ParameterizedTest
	@ValueSource(strings = { "gRPC_port", "gRPC.port", "grpc.port", "grpc-port", "grpcPort", "GRPC_PORT", "port.grpc",
			"gRPC" })
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
		Instances read = read(instance("a", 8080, Map.of("grpc.port", "abc")), instance("b", -1, Map.of()),
				instance(" ", 9090, Map.of()), instance("d", 9090, Map.of()));

		assertThat(read.addresses()).extracting(Address::addr).containsExactly("d:9090");
		assertThat(read.skipped()).hasSize(3);
		assertThat(read.skipped().get("a:8080")).contains("grpc.port=\"abc\"");
		assertThat(read.skipped().get("b:-1")).contains("out of range");
		assertThat(read.skipped().get(" :9090")).contains("host is missing");
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

	@Test
	void duplicatesAreCountedAndDoNotDependOnTheOrderOfTheRegistry() {
		ServiceInstance old = new DefaultServiceInstance("1", "greeter", "a", 9090, false, Map.of("v", "1"));
		ServiceInstance young = new DefaultServiceInstance("2", "greeter", "a", 9090, false, Map.of("v", "2"));
		ServiceInstance third = new DefaultServiceInstance("3", "greeter", "a", 9090, false, Map.of("x", "3"));
		Instances read = read(third, old, young);

		assertThat(read.duplicates()).isEqualTo(2);
		assertThat(read.addresses()).isEqualTo(read(young, third, old).addresses())
			.containsExactly(
					Address.of("a:9090").withMetadata(Map.of("v", "1", "x", "3", Address.INSTANCE_ID, "1,2,3")));
	}

	@Test
	void aFixedPortWinsOverAll() {
		this.settings = new DiscoverySettings.Instances(7, this.settings.portMetadataKeys(), Map.of(), true, true);
		Instances read = read(instance("a", 8080, Map.of("gRPC_port", "9090")));

		assertThat(read.addresses()).extracting(Address::addr).containsExactly("a:7");
		assertThat(read.warnings()).isEmpty();
	}

	@Test
	void theRegisteredPortIsUsedWithAWarning() {
		assertThat(read(instance("a", 8080, Map.of()), instance("b", 8080, Map.of())).warnings()).hasSize(1)
			.hasEntrySatisfying("port",
					(text) -> assertThat(text).startsWith("a:8080").contains("discovery.port-metadata-keys"));
	}

	@Test
	void twoPortsThatDisagreeAreAWarningAndTheExactNameWins() {
		Instances read = read(instance("a", 8080, Map.of("gRPC_port", "1", "grpc-port", "2")));

		assertThat(read.addresses()).extracting(Address::addr).containsExactly("a:1");
		assertThat(read.warnings().get("ports")).contains("gRPC_port=1 is used, grpc-port=2 is not");
		assertThat(read(instance("a", 8080, Map.of("gRPC_port", "1", "grpc-port", " 1"))).warnings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "weight, 2.5, 2.5", "nacos.weight, 2, 2.0", "weight, -1, 1", "weight, NaN, 1", "weight, abc, 1",
			"weight, Infinity, 1" })
	void theWeightIsANumber(String key, String value, String expected) {
		Instances read = read(instance("a", 1, Map.of("gRPC_port", "1", key, value)));

		assertThat(read.addresses().get(0).metadata()).containsEntry("weight", expected);
		assertThat(read.warnings().containsKey("weight")).isEqualTo(expected.equals("1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "zone", "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone",
			"nacos.cluster", "availability-zone" })
	void theZoneHasManyNames(String key) {
		assertThat(addresses(instance("a", 1, Map.of(key, "x"))).get(0).metadata()).containsEntry("zone", "x");
	}

	@Test
	void theInstanceIdNamesTheProcess() {
		ServiceInstance instance = new DefaultServiceInstance("i", "greeter", "a", 1, false,
				Map.of("startTimestamp", "17", Address.INSTANCE_ID, "from elsewhere"));
		assertThat(addresses(instance).get(0).metadata()).containsEntry(Address.INSTANCE_ID, "i@17");

		this.settings = new DiscoverySettings.Instances(null, this.settings.portMetadataKeys(), Map.of(), false, true);
		assertThat(addresses(instance).get(0).metadata()).doesNotContainKey(Address.INSTANCE_ID);
	}

	@Test
	void onlyInstancesThatMatchTheFilterAreUsed() {
		this.settings = new DiscoverySettings.Instances(null, this.settings.portMetadataKeys(),
				Map.of("version", "2", "env", "prod"), true, true);
		Instances read = read(instance("a", 1, Map.of("version", "2", "env", "prod", "more", "x")),
				instance("b", 1, Map.of("version", "2")), instance("c", 1, Map.of("version", "1", "env", "prod")));

		assertThat(read.addresses()).extracting(Address::addr).containsExactly("a:1");
		assertThat(read.filtered()).isEqualTo(2);
	}

	@Test
	void metadataThatSaysSecureDoesNotChangeAChannelButWarns() {
		ServiceInstance secure = instance("a", 1, Map.of("gRPC_port", "1", "secure", "true"));
		assertThat(read(secure).warnings()).containsOnlyKeys("secure");

		this.settings = new DiscoverySettings.Instances(null, this.settings.portMetadataKeys(), Map.of(), true, false);
		assertThat(read(secure).warnings()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "nacos.healthy, false", "instance_status, OUT_OF_SERVICE", "weight, 0" })
	void instancesThatShouldGetNoCallsAreLeftOutUnlessThereAreNoOthers(String key, String value) {
		ServiceInstance unwanted = instance("a", 1, Map.of(key, value));
		Instances read = read(unwanted, instance("b", 1, Map.of()));
		assertThat(read.addresses()).extracting(Address::addr).containsExactly("b:1");
		assertThat(read.skipped()).containsOnlyKeys("a:1");

		Instances panic = read(unwanted);
		assertThat(panic.addresses()).extracting(Address::addr).containsExactly("a:1");
		assertThat(panic.skipped()).isEmpty();
		assertThat(panic.warnings()).containsKey("panic");
	}

	@ParameterizedTest
	@CsvSource({ "UP, true", "UNKNOWN, true", "DOWN, false", "STARTING, false", "OUT_OF_SERVICE, false" })
	void theStatusOfEurekaCounts(String status, boolean used) {
		assertThat(addresses(new EurekaLike(new InstanceInfo(status)), instance("b", 1, Map.of())))
			.extracting(Address::addr)
			.containsExactlyElementsOf(used ? List.of("a:1", "b:1") : List.of("b:1"));
	}

	@Test
	void theChecksOfConsulCount() {
		assertThat(addresses(new ConsulLike(new HealthService(List.of(new Check("PASSING"), new Check("CRITICAL")))),
				new ConsulLike(null), instance("b", 1, Map.of())))
			.extracting(Address::addr)
			.containsExactly("a:1", "b:1");
		assertThat(addresses(new ConsulLike(new HealthService(List.of(new Check("CRITICAL")))),
				instance("b", 1, Map.of())))
			.extracting(Address::addr)
			.containsExactly("b:1");
	}

	private List<Address> addresses(ServiceInstance... instances) {
		return read(instances).addresses();
	}

	private Instances read(ServiceInstance... instances) {
		return new InstanceAddresses(this.settings).of(List.of(instances));
	}

	private static ServiceInstance instance(String host, int port, Map<String, String> metadata) {
		return new DefaultServiceInstance(null, "greeter", host, port, false, metadata);
	}

	/** Has the property of Eureka's instances. */
	public static final class EurekaLike extends DefaultServiceInstance {

		private final InstanceInfo instanceInfo;

		EurekaLike(InstanceInfo instanceInfo) {
			super(null, "greeter", "a", 1, false, Map.of());
			this.instanceInfo = instanceInfo;
		}

		public InstanceInfo getInstanceInfo() {
			return this.instanceInfo;
		}

	}

	/** See {@link EurekaLike}. */
	public static final class InstanceInfo {

		private final String status;

		InstanceInfo(String status) {
			this.status = status;
		}

		public String getStatus() {
			return this.status;
		}

	}

	/** Has the property of Consul's instances. */
	public static final class ConsulLike extends DefaultServiceInstance {

		private final HealthService healthService;

		ConsulLike(HealthService healthService) {
			super(null, "greeter", "a", 1, false, Map.of());
			this.healthService = healthService;
		}

		public HealthService getHealthService() {
			return this.healthService;
		}

	}

	/** See {@link ConsulLike}. */
	public static final class HealthService {

		private final List<Check> checks;

		HealthService(List<Check> checks) {
			this.checks = checks;
		}

		public List<Check> getChecks() {
			return this.checks;
		}

	}

	/** See {@link ConsulLike}. */
	public static final class Check {

		private final String status;

		Check(String status) {
			this.status = status;
		}

		public String getStatus() {
			return this.status;
		}

	}

}
