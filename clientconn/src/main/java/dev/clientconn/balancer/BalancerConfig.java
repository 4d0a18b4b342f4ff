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

package dev.clientconn.balancer;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.time.Scheduler;

/**
 * What a balancer works with.
 *
 * @param resolution starts the resolution of the dial target; its lists go to the given
 * listener
 * @param serial the ClientConn's serial queue, FIFO; a task given to it runs after all
 * events already queued, which lets a balancer rebuild once for a burst of events
 * @param scheduler time and timers; timer tasks hop to {@code serial} themselves
 * @param random source of random choices, seeded in tests
 * @param control what a balancer can ask of the ClientConn
 */
public record BalancerConfig(Function<AddressListener, Resolution> resolution, Executor serial, Scheduler scheduler,
		RandomGenerator random, Control control) {

	/**
	 * What a balancer can ask of its ClientConn. All methods may be called from any
	 * thread and take effect through the serial queue.
	 */
	public interface Control {

		/**
		 * Starts to connect an address that is IDLE; ignored in every other state and for
		 * an unknown address.
		 * @param address an address of the last list
		 */
		void connect(Address address);

		/**
		 * Takes an address to IDLE: a READY connection drains, an attempt or a backoff is
		 * cancelled. Ignored for an unknown address.
		 * @param address an address of the last list
		 */
		void idle(Address address);

		/**
		 * Has queued calls ask {@link Balancer#get} again, because its answers changed
		 * for a reason other than up, down or a new list.
		 */
		void picksChanged();

	}

}
