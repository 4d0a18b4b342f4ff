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
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;

import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import one.profiler.AsyncProfiler;

/**
 * Records where this JVM's CPU and bytes go, until it is closed: with async-profiler,
 * which sees system calls too, or, where that does not load, with JFR.
 */
final class Recorder implements AutoCloseable {

	/** Null if the JVM's own recorder is used. */
	private final AsyncProfiler profiler;

	/** Null if async-profiler is used. */
	private final Recording recording;

	private Recorder(AsyncProfiler profiler, Recording recording) {
		this.profiler = profiler;
		this.recording = recording;
	}

	/** Starts to record into a file in JFR's format. */
	static Recorder start(Path file) throws IOException, ParseException {
		try {
			AsyncProfiler profiler = AsyncProfiler.getInstance();
			profiler.execute("start,event=cpu,interval=5ms,alloc=256k,jfr,file=" + file);
			return new Recorder(profiler, null);
		}
		catch (UnsatisfiedLinkError | RuntimeException | IOException ex) {
			System.err.println("JFR records, because async-profiler does not load: " + ex.getMessage());
			return new Recorder(null, startJfr(file));
		}
	}

	private static Recording startJfr(Path file) throws IOException, ParseException {
		Recording recording = new Recording(Configuration.getConfiguration("profile"));
		recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
		recording.enable("jdk.NativeMethodSample").withPeriod(Duration.ofMillis(10));
		recording.setDestination(file);
		recording.start();
		return recording;
	}

	@Override
	public void close() {
		if (this.profiler != null) {
			this.profiler.stop();
		}
		else {
			this.recording.stop();
			this.recording.close();
		}
	}

}
