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

import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Connections that are replaced when they are old, under load.
 */
@Timeout(120)
class ConnectionAgeScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	@AfterEach
	void end() throws Exception {
		this.scenario.close();
	}

	@Test
	void maximumAgeUnderLoadLosesNoCall() {
		EchoServer server = this.scenario.limited(10);
		ConnectionsConfig young = ConnectionsConfig.DEFAULT.withMaxPerAddress(3).withMaxAge(Duration.ofMillis(100));
		ClientConn conn = this.scenario.dial("static:" + server.address(), Scenario.options().connections(young));
		Scenario.awaitState(conn, ConnectivityState.READY);
		try (Load load = Load.on(conn, 25)) {
			Scenario.soon().until(() -> server.connections() > 20);
			load.awaitMore(100);
			load.stopWithoutFailure();
		}
	}

	@Test
	void maximumAgeOfTheOnlyConnectionLosesNoCall() {
		EchoServer server = this.scenario.echo();
		ConnectionsConfig young = ConnectionsConfig.DEFAULT.withMaxAge(Duration.ofMillis(50));
		ClientConn conn = this.scenario.dial("static:" + server.address(), Scenario.options().connections(young));
		Scenario.awaitState(conn, ConnectivityState.READY);
		try (Load load = Load.on(conn, 8)) {
			Scenario.soon().until(() -> server.connections() > 10);
			load.stopWithoutFailure();
		}
	}

}
