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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ProfileArea}.
 */
class ProfileAreaTests {

	@Test
	void systemCallsAreThoseOfWhoMakesThem() {
		assertThat(ProfileArea.of(List.of("finish_task_switch", "do_syscall_64", "libc.so.6.epoll_wait",
				"sun.nio.ch.EPoll.wait", "io.netty.channel.nio.NioIoHandler.select")))
			.isEqualTo(ProfileArea.WAKING);
		assertThat(ProfileArea.of(List.of("tcp_sendmsg", "do_syscall_64", "libc.so.6.__GI___send",
				"io.netty.channel.unix.Socket.sendAddress",
				"io.netty.channel.epoll.AbstractEpollChannel.doWriteBytes")))
			.isEqualTo(ProfileArea.SENDING);
		assertThat(ProfileArea.of(List.of("libc.so.6.recv", "io.netty.channel.epoll.AbstractEpollChannel.doReadBytes")))
			.isEqualTo(ProfileArea.RECEIVING);
	}

	@Test
	void theJdkWorksForWhoCallsIt() {
		assertThat(ProfileArea.of(List.of("java.util.Arrays.copyOf", "dev.clientconn.Inbound.run")))
			.isEqualTo(ProfileArea.ENGINE);
		assertThat(
				ProfileArea.of(List.of("java.util.Arrays.copyOf", "io.netty.handler.codec.http2.HpackDecoder.decode")))
			.isEqualTo(ProfileArea.HPACK);
		assertThat(ProfileArea.of(List.of("dev.clientconn.benchmarks.compare.UnaryAsync.run")))
			.isEqualTo(ProfileArea.STUB);
		assertThat(ProfileArea.of(List.of("libjvm.so.G1ParTask::work"))).isEqualTo(ProfileArea.JVM);
	}

}
