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

package dev.clientconn.sample;

import dev.clientconn.ClientConn;
import dev.clientconn.sample.proto.GreeterGrpc;
import dev.clientconn.sample.proto.HelloReply;
import dev.clientconn.sample.proto.HelloRequest;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Uses a ClientConn as any application would: injected by the name of its channel, with a
 * generated stub on it.
 */
@RestController
class GreetController {

	private final GreeterGrpc.GreeterBlockingStub greeter;

	GreetController(@Qualifier("greeter") ClientConn greeter) {
		this.greeter = GreeterGrpc.newBlockingStub(greeter);
	}

	@GetMapping("/greet")
	Greeting greet(@RequestParam(defaultValue = "world") String name) {
		HelloReply reply = this.greeter.sayHello(HelloRequest.newBuilder().setName(name).build());
		return new Greeting(reply.getMessage(), reply.getBackend());
	}

	record Greeting(String message, int backend) {

	}

}
