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

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A call between its pick and its stream, while credentials are asked: whoever comes
 * first decides, and the pick is given back once.
 */
class AskedCredentialsTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ManualBalancer balancer = new ManualBalancer();

	private final BlockingQueue<CallCredentials.MetadataApplier> asked = new LinkedBlockingQueue<>();

	private final CallOptions silent = Scenario.WAIT
		.withCallCredentials(credentials((applier) -> this.asked.add(applier)));

	private final ScriptedHttp2Server server = this.scenario.scripted(Scenario.answering());

	private final ClientConn conn = this.scenario.dial("static:127.0.0.1:1",
			Scenario.options().balancer(this.balancer.provider()));

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void answerToACallThatHasEndedIsIgnored() throws Exception {
		connect();
		CallRecorder call = CallRecorder.unary(this.conn, "late", this.silent);
		CallCredentials.MetadataApplier applier = applier();
		call.call().cancel("enough", null);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		applier.apply(new Metadata());
		applier.fail(Status.UNAUTHENTICATED);
		assertThat(CallRecorder.unary(this.conn, "next", Scenario.WAIT).awaitStatus()).isEqualTo(Status.OK);
		Scenario.soon().until(() -> this.balancer.puts() == 2);
		assertThat(this.balancer.events("put")).containsExactly(put("CANCELLED"), put("OK"));
	}

	@Test
	void secondAnswerIsIgnored() throws Exception {
		connect();
		CallRecorder call = CallRecorder.unary(this.conn, "twice", this.silent);
		CallCredentials.MetadataApplier applier = applier();
		applier.apply(new Metadata());
		applier.apply(new Metadata());
		applier.fail(Status.UNAUTHENTICATED);
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		Scenario.soon().until(() -> this.balancer.puts() == 1);
		assertThat(this.balancer.events("put")).containsExactly(put("OK"));
	}

	@Test
	void answerAndEndOfTheSameMomentGiveBackThePickOnce() throws Exception {
		connect();
		int calls = 300;
		for (int i = 0; i < calls; i++) {
			CallRecorder call = CallRecorder.unary(this.conn, "race", this.silent);
			CallCredentials.MetadataApplier applier = applier();
			CyclicBarrier together = new CyclicBarrier(2);
			Thread answer = new Thread(() -> {
				meet(together);
				applier.apply(new Metadata());
			});
			answer.start();
			meet(together);
			call.call().cancel("enough", null);
			answer.join();
			assertThat(call.awaitStatus().getCode()).isIn(Status.Code.CANCELLED, Status.Code.OK);
		}
		Scenario.soon().until(() -> this.balancer.puts() >= calls);
		assertThat(CallRecorder.unary(this.conn, "next", Scenario.WAIT).awaitStatus()).isEqualTo(Status.OK);
		Scenario.soon().until(() -> this.balancer.events("put").get(calls).equals(put("OK")));
		assertThat(this.balancer.puts()).isEqualTo(calls + 1);
	}

	/** A call that has waited: nobody's code runs on the control plane. */
	@Test
	void credentialsOfACallThatHasWaitedAreAskedOnItsExecutor() {
		AtomicBoolean inside = new AtomicBoolean();
		AtomicReference<Boolean> askedInside = new AtomicReference<>();
		CallCredentials credentials = credentials((applier) -> {
			askedInside.set(inside.get());
			applier.apply(new Metadata());
		});
		CallRecorder call = CallRecorder.unary(this.conn, "waits",
				Scenario.WAIT.withCallCredentials(credentials).withExecutor((task) -> {
					inside.set(true);
					task.run();
					inside.set(false);
				}));
		assertThat(askedInside).as("there is no address yet").hasValue(null);
		connect();
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(askedInside).hasValue(true);
	}

	@Test
	void executorThatRejectsToAskEndsTheCallAndGivesBackThePick() {
		AtomicBoolean rejected = new AtomicBoolean();
		Executor once = (task) -> {
			if (rejected.compareAndSet(false, true)) {
				throw new RejectedExecutionException("full");
			}
			task.run();
		};
		CallRecorder call = CallRecorder.unary(this.conn, "waits", this.silent.withExecutor(once));
		connect();
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call.awaitStatus().getDescription())
			.isEqualTo("the call's executor rejected the task that asks for credentials");
		assertThat(this.asked).isEmpty();
		Scenario.soon().until(() -> this.balancer.puts() == 1);
		assertThat(this.balancer.events("put")).containsExactly(put("CANCELLED"));
	}

	private void connect() {
		this.balancer.push(this.server.address());
		Scenario.awaitState(this.conn, ConnectivityState.READY);
	}

	private String put(String code) {
		Address address = this.server.address();
		return "put " + address + " " + code;
	}

	private CallCredentials.MetadataApplier applier() throws InterruptedException {
		CallCredentials.MetadataApplier applier = this.asked.poll(Scenario.SOON.toSeconds(), TimeUnit.SECONDS);
		assertThat(applier).as("asked").isNotNull();
		return applier;
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await(Scenario.SOON.toSeconds(), TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private static CallCredentials credentials(Consumer<CallCredentials.MetadataApplier> behaviour) {
		return new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				behaviour.accept(applier);
			}
		};
	}

}
