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

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages against demand: nothing is lost, doubled or delivered unasked, and nobody has
 * to look again.
 */
class InboundDemandTests {

	private final InboundDemand demand = new InboundDemand();

	@Test
	void nothingIsDeliveredBeforeItIsPushedAndAskedFor() {
		this.demand.collect(message(1));
		assertThat(this.demand.isWaiting()).isFalse();
		assertThat(this.demand.isWaitingOrCollected()).isTrue();

		this.demand.push();
		assertThat(this.demand.isWaiting()).isTrue();
		assertThat(delivered()).isEmpty();
		assertThat(this.demand.hasNext()).isTrue();

		assertThat(this.demand.demand(1)).isTrue();
		assertThat(delivered()).containsExactly(1);
		assertThat(this.demand.isWaiting()).isFalse();
		assertThat(this.demand.isDemanded()).isFalse();
	}

	@Test
	void piecesOfOneSocketReadAndOfSeveralKeepTheirOrder() {
		this.demand.demand(7);
		push(1, 2, 3);
		push(4);
		push(5, 6);
		push();

		assertThat(delivered()).containsExactly(1, 2, 3, 4, 5, 6);
		assertThat(this.demand.isDemanded()).isTrue();
	}

	@Test
	void whatIsAskedForDuringADeliveryCountsAtOnceAndIsSeenAfterwards() {
		this.demand.demand(1);
		push(1, 2, 3);
		this.demand.beginDelivery();
		assertThat(this.demand.next()).isNotNull();
		assertThat(this.demand.next()).isNull();
		assertThat(this.demand.demand(3)).isFalse();
		assertThat(this.demand.next()).isNotNull();
		assertThat(this.demand.next()).isNotNull();
		assertThat(this.demand.next()).isNull();
		this.demand.done(3);

		assertThat(this.demand.settle()).as("demand is what it was").isFalse();
		this.demand.endDelivery();

		assertThat(this.demand.isWaiting()).isFalse();
		assertThat(this.demand.isDemanded()).isTrue();
		push(4, 5);
		assertThat(delivered()).containsExactly(4);
	}

	@Test
	void demandThatGrewDuringADeliveryIsLookedAfter() {
		this.demand.beginDelivery();
		this.demand.demand(2);
		assertThat(this.demand.next()).isNull();
		push(1);
		assertThat(this.demand.isDemanded()).as("seen by the event loop").isFalse();

		assertThat(this.demand.settle()).isTrue();

		assertThat(this.demand.hasNext()).isTrue();
		assertThat(this.demand.isDemanded()).isTrue();
	}

	@Test
	void thatMuchIsAll() {
		this.demand.demand(2);
		this.demand.beginDelivery();
		push(1, 2);
		assertThat(this.demand.next()).isNotNull();
		this.demand.demand(Integer.MAX_VALUE);
		this.demand.settle();
		this.demand.demand(Integer.MAX_VALUE);
		this.demand.demand(Integer.MAX_VALUE);
		assertThat(this.demand.next()).isNotNull();
		this.demand.settle();
		this.demand.endDelivery();
		this.demand.demand(1);

		for (int i = 0; i < 1000; i++) {
			push(i);
			assertThat(delivered()).containsExactly(i);
		}
		assertThat(this.demand.requested()).isEqualTo(Integer.MAX_VALUE);
	}

	/** A call in small: whoever is told to have messages delivered does it at once. */
	@RepeatedTest(20)
	void threadsThatAskPushAndDeliverMissNothing() throws Exception {
		int messages = 20_000;
		Delivery delivery = new Delivery(this.demand, messages / 4);
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			threads.execute(() -> pushAll(delivery, messages));
			threads.execute(() -> {
				SplittableRandom random = new SplittableRandom();
				for (int asked = 0; asked < messages * 3 / 4;) {
					int count = Math.min(random.nextInt(1, 8), messages * 3 / 4 - asked);
					asked += count;
					if (this.demand.demand(count) && this.demand.isWaiting()) {
						delivery.schedule();
					}
				}
			});
			assertThat(delivery.done.tryAcquire(messages, 20, TimeUnit.SECONDS))
				.as("all %s were delivered, not %s", messages, delivery.delivered.size())
				.isTrue();
		}
		finally {
			threads.shutdownNow();
			assertThat(threads.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
			delivery.close();
		}
		assertThat(delivery.delivered).isEqualTo(IntStream.range(0, messages).boxed().toList());
	}

	private void pushAll(Delivery delivery, int messages) {
		SplittableRandom random = new SplittableRandom();
		for (int i = 0; i < messages;) {
			for (int end = Math.min(messages, i + random.nextInt(1, 5)); i < end; i++) {
				this.demand.collect(message(i));
			}
			this.demand.push();
			if (this.demand.isWaiting() && this.demand.isDemanded()) {
				delivery.schedule();
			}
		}
	}

	private void push(int... numbers) {
		for (int number : numbers) {
			this.demand.collect(message(number));
		}
		this.demand.push();
	}

	private List<Integer> delivered() {
		List<Integer> numbers = new ArrayList<>();
		this.demand.beginDelivery();
		for (InboundMessage next = this.demand.next(); next != null; next = this.demand.next()) {
			numbers.add(next.owedBytes());
			this.demand.done(1);
		}
		this.demand.settle();
		this.demand.endDelivery();
		return numbers;
	}

	private static InboundMessage message(int number) {
		return new InboundMessage(Unpooled.EMPTY_BUFFER, 0, 0, false, number);
	}

	/**
	 * What {@link Inbound} does, and a listener that asks for a message with each of the
	 * first it gets.
	 */
	private static final class Delivery implements Runnable {

		private final InboundDemand demand;

		private final AtomicInteger wip = new AtomicInteger();

		private final ExecutorService pool = Executors.newFixedThreadPool(2);

		/** Only written by the thread that delivers. */
		private final List<Integer> delivered = new ArrayList<>();

		private final Semaphore done = new Semaphore(0);

		private int toAsk;

		Delivery(InboundDemand demand, int toAsk) {
			this.demand = demand;
			this.toAsk = toAsk;
		}

		void schedule() {
			if (this.wip.getAndIncrement() == 0) {
				this.pool.execute(this);
			}
		}

		@Override
		public void run() {
			int served = this.wip.get();
			do {
				this.demand.beginDelivery();
				do {
					deliver();
				}
				while (this.demand.settle() && this.demand.hasNext());
				this.demand.endDelivery();
				served = this.wip.addAndGet(-served);
			}
			while (served != 0);
		}

		private void deliver() {
			int count = 0;
			for (InboundMessage next = this.demand.next(); next != null; next = this.demand.next()) {
				count++;
				this.delivered.add(next.owedBytes());
				if (this.toAsk-- > 0) {
					this.demand.demand(1);
				}
				this.done.release();
			}
			if (count > 0) {
				this.demand.done(count);
			}
		}

		void close() throws InterruptedException {
			this.pool.shutdownNow();
			assertThat(this.pool.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
		}

	}

}
