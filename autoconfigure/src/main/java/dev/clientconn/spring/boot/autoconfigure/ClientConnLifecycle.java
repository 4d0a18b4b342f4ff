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

package dev.clientconn.spring.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ConnectProperties.Mode;

import org.springframework.context.SmartLifecycle;

/**
 * Begins to connect the eager channels once the application has started, and closes all
 * channels after the web server has finished its requests, which may still need them. All
 * close at the same time, each within its grace period; what is still open when Spring
 * ends the phase is closed with the {@link ClientConnFactory}.
 */
final class ClientConnLifecycle implements SmartLifecycle {

	/**
	 * Below the web server's graceful shutdown (1024 under the default) and its stop
	 * (2048), so that we start before them and stop after them.
	 */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	private final ClientConns clientConns;

	private final ClientConnProperties properties;

	private final ShutdownPhase phase;

	private volatile boolean running;

	ClientConnLifecycle(ClientConns clientConns, ClientConnProperties properties, ShutdownPhase phase) {
		this.clientConns = clientConns;
		this.properties = properties;
		this.phase = phase;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void start() {
		for (String channel : this.clientConns.names()) {
			ClientConn conn = this.clientConns.get(channel); // Dials it, which checks its
																// properties.
			if (ChannelSettings.orDefaults(this.properties, channel).connectMode() == Mode.EAGER) {
				conn.getState(true);
			}
		}
		this.phase.warnOfLongerGracePeriods(this.clientConns.names()
			.stream()
			.filter(this.properties.getChannels()::containsKey)
			.map((channel) -> ChannelSettings.of(this.properties, channel)));
		this.running = true;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false; // A closed ClientConn cannot be opened again.
	}

	@Override
	public void stop() {
		closeAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		closeAll().whenComplete((closed, failure) -> callback.run());
	}

	private CompletableFuture<Void> closeAll() {
		this.running = false;
		List<CompletableFuture<Void>> closing = this.clientConns.names().stream().map(this::close).toList();
		return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
	}

	private CompletableFuture<Void> close(String channel) {
		ClientConn clientConn = this.clientConns.get(channel);
		return CompletableFuture.runAsync(clientConn::close, (closing) -> {
			Thread thread = new Thread(closing, "clientconn-close-" + channel);
			thread.setDaemon(true);
			thread.start();
		});
	}

}
