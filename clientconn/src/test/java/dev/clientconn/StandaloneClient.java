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

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.transport.Dialer;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.StatusRuntimeException;

/**
 * A program that calls an echo server, for a JVM of its own: {@code plaintext} or
 * {@code tls} and a port, in turn. Prints what came of each call.
 */
public final class StandaloneClient {

	private static final String[] OPTIONAL = { "io.netty.channel.epoll.Epoll", "io.netty.channel.uring.IoUring",
			"io.netty.channel.kqueue.KQueue", "io.netty.internal.tcnative.SSL", "io.netty.handler.proxy.ProxyHandler",
			"ch.qos.logback.classic.Logger", "io.grpc.internal.GrpcUtil" };

	private StandaloneClient() {
	}

	public static void main(String[] args) {
		System.out.print("optional classes:");
		for (String name : OPTIONAL) {
			System.out.print(isPresent(name) ? " " + name.substring(name.lastIndexOf('.') + 1) : "");
		}
		System.out.println();
		System.out.println("proxy: " + proxy());
		for (int i = 0; i < args.length; i += 2) {
			System.out.println(args[i] + ": " + call(args[i], Integer.parseInt(args[i + 1])));
		}
	}

	private static boolean isPresent(String name) {
		try {
			Class.forName(name, false, StandaloneClient.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static String proxy() {
		try {
			Dialer.httpConnect(new InetSocketAddress("127.0.0.1", 1), null, null);
			return "supported";
		}
		catch (IllegalStateException ex) {
			return ex.getMessage();
		}
	}

	private static String call(String how, int port) {
		TransportCredentials credentials = how.equals("tls") ? TransportCredentials.tls()
				: TransportCredentials.insecure();
		DialOptions options = DialOptions.builder().transportCredentials(credentials).build();
		try (ClientConn conn = ClientConn.dial("localhost:" + port, options)) {
			return EchoGrpc.newBlockingStub(conn)
				.unary(EchoRequest.newBuilder().setMessage("hello").build())
				.getMessage();
		}
		catch (StatusRuntimeException ex) {
			return ex.getMessage();
		}
	}

}
