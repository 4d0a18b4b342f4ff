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

package dev.clientconn.testing;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import org.slf4j.LoggerFactory;

/**
 * Collects the leak reports of Netty in this JVM.
 * <p>
 * Reports are read off the detectors' logger, which also catches detectors that were made
 * before this class was loaded; a detector writes only when it tracks the next object, so
 * each one is made to do that. Detectors are reached through a factory and, for buffers,
 * by allocating one, whenever that detector was made.
 */
final class NettyLeaks {

	private static final ConcurrentLinkedQueue<String> REPORTS = new ConcurrentLinkedQueue<>();

	private static final ConcurrentLinkedQueue<ResourceLeakDetector<Object>> DETECTORS = new ConcurrentLinkedQueue<>();

	private NettyLeaks() {
	}

	static {
		ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
		Appender appender = new Appender();
		appender.start();
		((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(appender);
	}

	/**
	 * Starts to collect, if that has not been done.
	 */
	static void install() {
		// The static initializer has done it.
	}

	/**
	 * Finds what is unreachable and was not released.
	 * @return the reports since the last call, each with where the object was used
	 */
	static List<String> collect() {
		// The first collection finds the objects; by the end of the second all references
		// of the first have been handed to their queues.
		awaitCollection();
		awaitCollection();
		ByteBufAllocator.DEFAULT.buffer(1).release();
		DETECTORS.forEach(NettyLeaks::report);
		List<String> reports = new ArrayList<>();
		String report;
		while ((report = REPORTS.poll()) != null) {
			reports.add(report);
		}
		return reports;
	}

	private static void report(ResourceLeakDetector<Object> detector) {
		Object object = new Object();
		ResourceLeakTracker<Object> tracker = detector.track(object);
		if (tracker != null) {
			tracker.close(object);
		}
	}

	private static void awaitCollection() {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
		try {
			for (int i = 0; i < 10; i++) {
				System.gc();
				if (queue.remove(Duration.ofMillis(500).toMillis()) == sentinel) {
					return;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new AssertionError("the garbage collector did not run");
	}

	/** Remembers each detector. */
	private static final class Factory extends ResourceLeakDetectorFactory {

		@Override
		@Deprecated
		public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval,
				long maxActive) {
			return newResourceLeakDetector(resource, samplingInterval);
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
			ResourceLeakDetector<T> detector = new ResourceLeakDetector<>(resource, samplingInterval);
			DETECTORS.add((ResourceLeakDetector<Object>) detector);
			return detector;
		}

	}

	/** Keeps the messages of the detectors. */
	private static final class Appender extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			if (event.getFormattedMessage().startsWith("LEAK:")) {
				REPORTS.add(event.getFormattedMessage());
			}
		}

	}

}
