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
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a recording in JFR's format says in a page: where the CPU was, the JIT's threads
 * left out, and what was allocated where. JFR itself samples at most one thread in native
 * code at a time, so system calls show up less than they cost; async-profiler has them.
 */
public final class Profile {

	private static final int TOP = 25;

	/** A thread in one of these waits, but JFR takes it for native code that runs. */
	private static final List<String> ASLEEP = List.of(".epollWait", ".epollWait0", ".EPoll.wait", ".readBytes");

	private final Map<String, Long> self = new HashMap<>();

	private final Map<String, Long> inclusive = new HashMap<>();

	private final Map<ProfileArea, Long> areas = new EnumMap<>(ProfileArea.class);

	private final Map<ProfileArea, Long> byteAreas = new EnumMap<>(ProfileArea.class);

	private final Map<String, Long> classes = new HashMap<>();

	private final Map<String, Long> sites = new HashMap<>();

	private long samples;

	private long weight;

	private Profile() {
	}

	/** Prints the summary of each recording named. */
	public static void main(String[] args) throws IOException {
		for (String arg : args) {
			System.out.println(summary(Path.of(arg)));
		}
	}

	static String summary(Path recording) throws IOException {
		Profile profile = new Profile();
		try (RecordingFile file = new RecordingFile(recording)) {
			while (file.hasMoreEvents()) {
				profile.add(file.readEvent());
			}
		}
		StringBuilder out = new StringBuilder("## " + recording.getFileName() + "\n\n");
		top(out, "CPU, by whose work it is", titled(profile.areas), profile.samples);
		top(out, "Bytes, by whose work they are", titled(profile.byteAreas), profile.weight);
		top(out, "CPU, in the method itself", profile.self, profile.samples);
		top(out, "CPU, in the method and what it calls", profile.inclusive, profile.samples);
		top(out, "Bytes, by class", profile.classes, profile.weight);
		top(out, "Bytes, by class and allocating method", profile.sites, profile.weight);
		return out.toString();
	}

	private void add(RecordedEvent event) {
		if (event.getStackTrace() == null) {
			return;
		}
		List<RecordedFrame> frames = event.getStackTrace().getFrames();
		switch (event.getEventType().getName()) {
			case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> {
				RecordedThread thread = event.getThread("sampledThread");
				if (thread == null || !isJit(thread.getOSName())) {
					sample(frames);
				}
			}
			case "jdk.ObjectAllocationSample" -> allocation(event, event.getLong("weight"), frames);
			case "jdk.ObjectAllocationInNewTLAB" -> allocation(event, event.getLong("tlabSize"), frames);
			case "jdk.ObjectAllocationOutsideTLAB" -> allocation(event, event.getLong("allocationSize"), frames);
			default -> {
				// Not of interest.
			}
		}
	}

	private static boolean isJit(String thread) {
		return thread != null && (thread.startsWith("C1 Compiler") || thread.startsWith("C2 Compiler"));
	}

	private void allocation(RecordedEvent event, long bytes, List<RecordedFrame> frames) {
		String type = event.getClass("objectClass").getName();
		this.weight += bytes;
		this.byteAreas.merge(ProfileArea.of(frames.stream().map(Profile::name).toList()), bytes, Long::sum);
		this.classes.merge(type, bytes, Long::sum);
		this.sites.merge(type + " in " + site(frames), bytes, Long::sum);
	}

	private void sample(List<RecordedFrame> frames) {
		String top = name(frames.get(0));
		if (ASLEEP.stream().anyMatch(top::endsWith)) {
			return;
		}
		this.samples++;
		this.areas.merge(ProfileArea.of(frames.stream().map(Profile::name).toList()), 1L, Long::sum);
		this.self.merge(top, 1L, Long::sum);
		Set<String> seen = new HashSet<>();
		for (RecordedFrame frame : frames) {
			if (seen.add(name(frame))) {
				this.inclusive.merge(name(frame), 1L, Long::sum);
			}
		}
	}

	/** The first frame that is not of the JDK, which allocates on behalf of others. */
	private static String site(List<RecordedFrame> frames) {
		return frames.stream()
			.map(Profile::name)
			.filter((name) -> !name.startsWith("java."))
			.findFirst()
			.orElseGet(() -> name(frames.get(0)));
	}

	private static String name(RecordedFrame frame) {
		String type = frame.getMethod().getType().getName();
		return (type == null || type.isEmpty()) ? frame.getMethod().getName()
				: type + "." + frame.getMethod().getName();
	}

	private static Map<String, Long> titled(Map<ProfileArea, Long> counts) {
		Map<String, Long> titled = new HashMap<>();
		counts.forEach((area, count) -> titled.put(area.title, count));
		return titled;
	}

	private static void top(StringBuilder out, String title, Map<String, Long> counts, long total) {
		out.append("### ").append(title).append("\n\n");
		counts.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
			.limit(TOP)
			.forEach((entry) -> out
				.append(String.format(Locale.ROOT, "%5.1f%%  %s%n", 100.0 * entry.getValue() / total, entry.getKey())));
		out.append('\n');
	}

}
