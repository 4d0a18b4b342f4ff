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

package dev.clientconn.transport;

import java.util.concurrent.atomic.AtomicInteger;

import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * Threads of Netty's kind, named {@code clientconn-<what>-<n>}, that do not keep the JVM
 * alive.
 */
final class DaemonThreads extends DefaultThreadFactory {

	private final String prefix;

	private final AtomicInteger count = new AtomicInteger();

	DaemonThreads(String what) {
		super(DaemonThreads.class, true);
		this.prefix = "clientconn-" + what + "-";
	}

	@Override
	protected Thread newThread(Runnable task, String name) {
		return super.newThread(task, this.prefix + this.count.incrementAndGet());
	}

}
