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

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.ManagedChannel;

/**
 * A JVM that calls once, says so, and waits to be looked at until its standard input
 * ends. It does little else, without lambdas and joined strings, because what that costs
 * in a new JVM would be counted too.
 */
public final class FreshMain {

	static final String REPLIED = "replied";

	private FreshMain() {
	}

	public static void main(String[] args) throws Exception {
		ManagedChannel channel = Arm.valueOf(args[0]).channels().dial(args[1]);
		BenchGrpc.newBlockingStub(channel).unary(Message.getDefaultInstance());
		System.out.println(ChildProcess.MARK.concat(REPLIED));
		System.out.flush();
		while (System.in.read() >= 0) {
			continue;
		}
		System.exit(0);
	}

}
