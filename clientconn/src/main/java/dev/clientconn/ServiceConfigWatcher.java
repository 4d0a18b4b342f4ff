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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the stream of service configs ({@code scWatcher} in Go): each valid one
 * replaces the one before; the last stays when the stream ends or fails.
 */
final class ServiceConfigWatcher implements Flow.Subscriber<ServiceConfig> {

	private static final Logger logger = LoggerFactory.getLogger(ServiceConfigWatcher.class);

	private final String target;

	private final Flow.Publisher<ServiceConfig> publisher;

	private final ServiceConfigSource source;

	private final CountDownLatch first = new CountDownLatch(1);

	private volatile Flow.@Nullable Subscription subscription;

	private volatile boolean closed;

	ServiceConfigWatcher(Flow.Publisher<ServiceConfig> publisher, ServiceConfigSource.Listener listener) {
		this.target = listener.target();
		this.publisher = publisher;
		this.source = new ServiceConfigSource(Origin.UPDATES, listener);
	}

	Flow.Publisher<ServiceConfig> publisher() {
		return this.publisher;
	}

	/** What the stream has brought. */
	ServiceConfigSource source() {
		return this.source;
	}

	/** Opens when there is a first config or there will be none. */
	CountDownLatch first() {
		return this.first;
	}

	void close() {
		this.closed = true;
		Flow.Subscription current = this.subscription;
		if (current != null) {
			current.cancel();
		}
		this.first.countDown();
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.closed) {
			subscription.cancel();
		}
		else {
			subscription.request(Long.MAX_VALUE);
		}
	}

	@Override
	public void onNext(ServiceConfig config) {
		if (!this.closed) {
			this.source.deliver(() -> config);
			// An invalid one too: a dial that waits goes on with what there is else.
			this.first.countDown();
		}
	}

	@Override
	public void onError(Throwable failure) {
		logger.warn("{} - the stream of service configs failed, the last one stays: {}", this.target,
				failure.toString());
		this.first.countDown();
	}

	@Override
	public void onComplete() {
		this.first.countDown();
	}

}
