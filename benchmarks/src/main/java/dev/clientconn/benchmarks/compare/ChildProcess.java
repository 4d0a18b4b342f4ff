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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of ours on our class path, with which we speak by lines. It ends with its
 * standard input, so it does not outlive this process.
 */
public final class ChildProcess implements AutoCloseable {

	/** How an answer begins that is none. */
	public static final String FAILED = "failed";

	/** How a line begins that is an answer. */
	static final String MARK = "@@ ";

	private static final String ENDED = FAILED + " the process ended";

	private final Process process;

	private final Writer commands;

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private ChildProcess(Process process, String name) {
		this.process = process;
		this.commands = process.outputWriter(StandardCharsets.UTF_8);
		Thread reader = new Thread(this::read, "answers-" + name);
		reader.setDaemon(true);
		reader.start();
	}

	public static ChildProcess start(Class<?> main, List<String> jvmOptions, String... args) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvmOptions);
		command.add(main.getName());
		command.addAll(List.of(args));
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
		builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
		return new ChildProcess(builder.start(), main.getSimpleName());
	}

	/** In the child: answers the parent. Lines that other code prints are no answers. */
	public static void answer(String line) {
		System.out.println(MARK + line.replace('\n', ' '));
		System.out.flush();
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * The next answer, or one that starts with {@link #FAILED}. A process that is late is
	 * ended: its answer would be taken for that of the next question.
	 */
	public String await(long millis) throws InterruptedException {
		String answer = this.answers.poll(millis, TimeUnit.MILLISECONDS);
		if (answer == null) {
			this.process.destroyForcibly();
			return FAILED + " no answer in " + millis + " ms";
		}
		return answer;
	}

	public String ask(String command, long millis) throws InterruptedException {
		try {
			this.commands.write(command + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			return ENDED;
		}
		return await(millis);
	}

	private void read() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				if (line.startsWith(MARK)) {
					this.answers.add(line.substring(MARK.length()));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.answers.add(ENDED);
		}
	}

	@Override
	public void close() throws InterruptedException {
		try {
			this.commands.close();
		}
		catch (IOException ex) {
			// It has gone already.
		}
		if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

}
