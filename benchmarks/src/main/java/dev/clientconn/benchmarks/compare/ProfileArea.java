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

import java.util.List;

/**
 * Whose work a sample of a profile is. The order is that of the table in
 * docs/performance.md.
 */
enum ProfileArea {

	WAKING("threads that wait and wake"),

	SENDING("socket writes, in the kernel"),

	RECEIVING("socket reads, in the kernel"),

	SYSTEM("other system calls"),

	NETTY("Netty"),

	HPACK("HPACK"),

	ENGINE("the channel"),

	GRPC("grpc-api and grpc-core"),

	STUB("stub, protobuf and benchmark"),

	JVM("JVM");

	private static final List<String> WAKES = List.of("EventFD", "eventFdWrite", "LockSupport.", "EPoll.wait",
			"epollWait", "Unsafe.park", "Unsafe.unpark", "Object.wait", "PollSelector", "WakeupImpl");

	private static final List<String> SENDS = List.of("SocketChannelImpl.write", "SocketDispatcher.write",
			".doWriteBytes", ".sendAddress", ".writevAddresses", ".doWriteMultiple", "Socket.send", "Socket.write");

	private static final List<String> RECEIVES = List.of("SocketChannelImpl.read", "SocketDispatcher.read",
			".doReadBytes", ".recvAddress", "Socket.recv", "Socket.read");

	final String title;

	ProfileArea(String title) {
		this.title = title;
	}

	/**
	 * Tells whose a stack is.
	 * @param frames {@code class.method}, or a native function alone; the innermost first
	 */
	static ProfileArea of(List<String> frames) {
		if (frames.stream().anyMatch((frame) -> frame.contains("do_syscall_64") || frame.contains("entry_SYSCALL"))
				|| frames.get(0).startsWith("libc.so")) {
			return ofSystemCall(frames);
		}
		for (String frame : frames) {
			ProfileArea area = ofFrame(frame);
			if (area != null) {
				return area;
			}
		}
		return JVM;
	}

	private static ProfileArea ofSystemCall(List<String> frames) {
		for (String frame : frames) {
			if (WAKES.stream().anyMatch(frame::contains)) {
				return WAKING;
			}
			if (SENDS.stream().anyMatch(frame::contains)) {
				return SENDING;
			}
			if (RECEIVES.stream().anyMatch(frame::contains)) {
				return RECEIVING;
			}
		}
		return SYSTEM;
	}

	/** Null for the JDK, which works on behalf of others. */
	private static ProfileArea ofFrame(String frame) {
		if (frame.startsWith("io.netty.handler.codec.http2.Hpack")
				|| frame.startsWith("io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder")
				|| frame.startsWith("io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder")) {
			return HPACK;
		}
		if (frame.startsWith("io.netty.")) {
			return NETTY;
		}
		if (frame.startsWith("com.google.protobuf.") || frame.startsWith("io.grpc.protobuf.")
				|| frame.startsWith("io.grpc.stub.") || frame.startsWith("dev.clientconn.benchmarks.")) {
			return STUB;
		}
		if (frame.startsWith("dev.clientconn.") || frame.startsWith("io.grpc.netty.")) {
			return ENGINE;
		}
		return frame.startsWith("io.grpc.") ? GRPC : null;
	}

}
