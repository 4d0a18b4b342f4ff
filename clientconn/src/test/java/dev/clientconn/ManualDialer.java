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

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import dev.clientconn.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

/**
 * A dialer whose attempts succeed, fail or hang as the test says. Attempts cannot be
 * cancelled, as those of a dialer that does not care.
 */
final class ManualDialer implements Dialer {

	private final Consumer<Attempt> onDial;

	private final List<Attempt> attempts = new CopyOnWriteArrayList<>();

	ManualDialer(Consumer<Attempt> onDial) {
		this.onDial = onDial;
	}

	static ManualDialer hanging() {
		return new ManualDialer((attempt) -> {
		});
	}

	static ManualDialer failing(Throwable cause) {
		return new ManualDialer((attempt) -> attempt.fail(cause));
	}

	@Override
	public Future<Channel> dial(Request request) {
		Promise<Channel> promise = request.bootstrap().config().group().next().newPromise();
		promise.setUncancellable();
		Attempt attempt = new Attempt(request, promise);
		this.attempts.add(attempt);
		this.onDial.accept(attempt);
		return promise;
	}

	int count() {
		return this.attempts.size();
	}

	/** Waits for attempt {@code index}, from 0. */
	Attempt await(int index) {
		Dials.await().until(() -> this.attempts.size() > index);
		return this.attempts.get(index);
	}

	/**
	 * One attempt.
	 *
	 * @param request what was asked for
	 * @param promise what is waited for
	 */
	record Attempt(Request request, Promise<Channel> promise) {

		void fail(Throwable cause) {
			this.promise.tryFailure(cause);
		}

		void connect() {
			Address address = this.request.address();
			ChannelFuture connected = this.request.bootstrap()
				.clone()
				.connect(new InetSocketAddress(address.host(), address.port()));
			connected.addListener((ChannelFutureListener) (done) -> {
				if (done.isSuccess()) {
					this.promise.trySuccess(done.channel());
				}
				else {
					this.promise.tryFailure(done.cause());
				}
			});
		}

	}

}
