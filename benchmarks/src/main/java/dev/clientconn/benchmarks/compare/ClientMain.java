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

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The process of one arm. It takes one command a line from its standard input:
 * {@code open <workload>}, {@code record <file>}, {@code run <milliseconds>} and
 * {@code close}, and answers each with one line.
 */
public final class ClientMain {

	private final Dials dials;

	private Workload workload;

	private Recorder recorder;

	private ClientMain(Dials dials) {
		this.dials = dials;
	}

	/**
	 * Runs until its standard input ends.
	 * @param args the arm, what the server answered, and by what sizes are divided
	 */
	public static void main(String[] args) throws Exception {
		Dials dials = Dials.of(Arm.of(args[0]), ServerAddress.decode(args[1]), Integer.parseInt(args[2]));
		ClientMain client = new ClientMain(dials);
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		ChildProcess.answer("ready");
		for (String line = commands.readLine(); line != null; line = commands.readLine()) {
			ChildProcess.answer(client.obey(line.split(" ")));
		}
		System.exit(0);
	}

	private String obey(String[] command) {
		try {
			switch (command[0]) {
				case "open" -> {
					this.workload = null;
					this.workload = WorkloadType.of(command[1]).open(this.dials);
					return "opened";
				}
				case "run" -> {
					return this.workload.round(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(command[1]))).encode();
				}
				case "record" -> {
					this.recorder = Recorder.start(Path.of(command[1]));
					return "recording";
				}
				case "close" -> {
					if (this.recorder != null) {
						this.recorder.close();
						this.recorder = null;
					}
					if (this.workload != null) {
						this.workload.close();
					}
					return "closed";
				}
				default -> throw new IllegalArgumentException("Unknown command " + command[0]);
			}
		}
		catch (Exception ex) {
			ex.printStackTrace();
			return ChildProcess.FAILED + " " + ex.getMessage();
		}
	}

}
