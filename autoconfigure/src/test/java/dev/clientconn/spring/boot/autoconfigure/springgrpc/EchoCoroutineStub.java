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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.kotlin.AbstractCoroutineStub;
import io.grpc.kotlin.ClientCalls;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;

/**
 * A stub as grpc-kotlin generates it, but for its method, which waits.
 */
public final class EchoCoroutineStub extends AbstractCoroutineStub<EchoCoroutineStub> {

	public EchoCoroutineStub(Channel channel, CallOptions options) {
		super(channel, options);
	}

	@Override
	protected EchoCoroutineStub build(Channel channel, CallOptions options) {
		return new EchoCoroutineStub(channel, options);
	}

	EchoReply unary(EchoRequest request) throws InterruptedException {
		return BuildersKt.runBlocking(EmptyCoroutineContext.INSTANCE,
				(scope, continuation) -> ClientCalls.INSTANCE.unaryRpc(getChannel(), EchoGrpc.getUnaryMethod(), request,
						getCallOptions(), new Metadata(), continuation));
	}

}
