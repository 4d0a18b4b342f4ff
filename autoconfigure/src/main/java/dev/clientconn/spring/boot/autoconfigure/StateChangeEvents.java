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

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.clientconn.DialOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.StatsHandler;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.Ordered;

/**
 * Publishes {@link ClientConnStateChangedEvent}s. Connections only leave a change behind;
 * one thread, which ends when it has nothing to do, takes the changes in their order. At
 * most one change per address waits, so memory is bounded by the number of addresses,
 * however slow a listener is.
 */
final class StateChangeEvents implements DialOptionsCustomizer, Ordered, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(StateChangeEvents.class);

	private final ApplicationEventPublisher publisher;

	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), StateChangeEvents::newThread);

	// guarded by the map, never while a listener runs

	private final Map<Key, ClientConnStateChangedEvent> waiting = new LinkedHashMap<>();

	/** Whether a task has been given to the executor that will find nothing forgotten. */
	private boolean scheduled;

	StateChangeEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		builder.statsHandler(new Listener(this, channel));
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
		synchronized (this.waiting) {
			this.waiting.clear();
		}
	}

	private void add(ClientConnStateChangedEvent event) {
		Key key = new Key(event.channel(), event.address());
		synchronized (this.waiting) {
			ClientConnStateChangedEvent earlier = this.waiting.get(key);
			if (earlier == null) {
				this.waiting.put(key, event);
			}
			else if (earlier.from() == event.to()) {
				this.waiting.remove(key);
			}
			else {
				this.waiting.put(key, new ClientConnStateChangedEvent(event.channel(), event.address(), earlier.from(),
						event.to(), event.cause()));
			}
			if (this.scheduled) {
				return;
			}
			this.scheduled = true;
		}
		try {
			this.executor.execute(this::publishAll);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The application has ended, and hears no more of {}", key, ex);
		}
	}

	private void publishAll() {
		ClientConnStateChangedEvent event = next();
		while (event != null) {
			publish(event);
			event = next();
		}
	}

	private @Nullable ClientConnStateChangedEvent next() {
		synchronized (this.waiting) {
			Iterator<ClientConnStateChangedEvent> first = this.waiting.values().iterator();
			if (!first.hasNext()) {
				this.scheduled = false;
				return null;
			}
			ClientConnStateChangedEvent event = first.next();
			first.remove();
			return event;
		}
	}

	private void publish(ClientConnStateChangedEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			if (!this.executor.isShutdown()) {
				logger.warn("A listener failed on {}", event, ex);
			}
		}
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "clientconn-events");
		thread.setDaemon(true);
		return thread;
	}

	private record Key(String channel, String address) {
	}

	/**
	 * Hears of the changes of one channel. Two of a channel are equal, so that an update
	 * of its options is not taken for a change of who hears of it, which would dial
	 * again.
	 *
	 * @param events where the changes go
	 * @param channel name of the channel
	 */
	private record Listener(StateChangeEvents events, String channel) implements StatsHandler {

		@Override
		public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
				Status cause) {
			this.events.add(new ClientConnStateChangedEvent(this.channel, address.addr(), from, to, cause));
		}

	}

}
