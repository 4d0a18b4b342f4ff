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

package dev.clientconn.benchmarks.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.clientconn.benchmarks.compare.Results.Row;

/**
 * One server process, one process per arm, and rounds that take turns, so that what else
 * the machine does hits all arms alike.
 */
final class Contest implements AutoCloseable {

	private static final long ANSWER_MILLIS = 90_000;

	private static final int WARMUP_CHUNKS = 4;

	private static final int MAX_WARMUP_CHUNKS = 60;

	private static final double QUIET_JIT = 0.05;

	private final Settings settings;

	private final ChildProcess server;

	private final Map<Arm, ChildProcess> clients = new EnumMap<>(Arm.class);

	private Contest(Settings settings, ChildProcess server) {
		this.settings = settings;
		this.server = server;
	}

	/**
	 * Starts all processes.
	 * @throws IllegalStateException if one does not come up
	 */
	static Contest start(Settings settings, List<Arm> arms) throws IOException, InterruptedException {
		Contest contest = new Contest(settings, ChildProcess.start(ServerMain.class, List.of("-Xms512m", "-Xmx512m")));
		try {
			contest.startClients(arms);
			return contest;
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			contest.close();
			throw ex;
		}
	}

	private void startClients(List<Arm> arms) throws IOException, InterruptedException {
		String ports = up(this.server);
		for (Arm arm : arms) {
			this.clients.put(arm, ChildProcess.start(ClientMain.class, this.settings.jvmOptions(arm), arm.id(), ports,
					Integer.toString(this.settings.shrink())));
		}
		for (ChildProcess client : this.clients.values()) {
			up(client);
		}
	}

	private static String up(ChildProcess process) throws InterruptedException {
		String answer = process.await(ANSWER_MILLIS);
		if (answer.startsWith(ChildProcess.FAILED)) {
			throw new IllegalStateException("A process did not come up: " + answer);
		}
		return answer;
	}

	/** Warms up these arms, and measures in turns those that have not failed before. */
	void run(WorkloadType workload, List<Arm> arms, Results results) throws InterruptedException {
		System.err.println(workload.id() + ": " + arms.stream().map(Arm::id).collect(Collectors.joining(", ")));
		List<Arm> order = new ArrayList<>(arms);
		for (Arm arm : order) {
			Row row = results.row(workload, arm);
			if (row.failure == null) {
				row.failure = failure(arm, "open " + workload.id());
			}
		}
		for (Arm arm : order) {
			warmUp(workload, arm, results.row(workload, arm));
			if (this.settings.profiles() != null) {
				ask(arm, "record " + this.settings.recording(workload, arm));
			}
		}
		for (int round = 0; round < this.settings.rounds(); round++) {
			for (Arm arm : order) {
				Row row = results.row(workload, arm);
				Round measured = round(arm, this.settings.roundMillis(), row);
				if (measured != null) {
					row.rounds.add(measured);
				}
			}
			Collections.reverse(order);
		}
		for (Arm arm : order) {
			ask(arm, "close");
		}
	}

	/**
	 * Time alone does not warm up on a busy machine: goes on until the JIT has little
	 * left to do, within limits. What is not a matter of the JIT runs once.
	 */
	private void warmUp(WorkloadType workload, Arm arm, Row row) throws InterruptedException {
		if (workload.isHeld() && this.settings.warmupMillis() > 0) {
			round(arm, 0, row);
		}
		if (workload.isHeld() || workload == WorkloadType.FRESH_JVM) {
			return;
		}
		long chunk = this.settings.warmupMillis() / WARMUP_CHUNKS;
		double jitShare = 1;
		for (int i = 0; chunk > 0 && i < MAX_WARMUP_CHUNKS; i++) {
			Round round = round(arm, chunk, row);
			if (round == null || (i + 1 >= WARMUP_CHUNKS && round.jitShare() < QUIET_JIT)) {
				return;
			}
			jitShare = round.jitShare();
		}
		if (chunk > 0) {
			System.err.printf("%s: the JIT still has %.0f %% of the CPU%n", arm.id(), 100 * jitShare);
		}
	}

	/** One round; null if the arm has failed, now or before. */
	private Round round(Arm arm, long millis, Row row) throws InterruptedException {
		if (row.failure != null) {
			return null;
		}
		String answer = ask(arm, "run " + millis);
		if (answer.startsWith(ChildProcess.FAILED)) {
			row.failure = answer;
			return null;
		}
		return Round.decode(answer);
	}

	private String failure(Arm arm, String command) throws InterruptedException {
		String answer = ask(arm, command);
		return answer.startsWith(ChildProcess.FAILED) ? answer : null;
	}

	private String ask(Arm arm, String command) throws InterruptedException {
		return this.clients.get(arm).ask(command, ANSWER_MILLIS + this.settings.warmupMillis());
	}

	@Override
	public void close() throws InterruptedException {
		for (ChildProcess client : this.clients.values()) {
			client.close();
		}
		this.server.close();
	}

}
