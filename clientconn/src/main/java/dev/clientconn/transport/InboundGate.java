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

package dev.clientconn.transport;

import java.util.ArrayDeque;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands in for the HTTP/2 handlers while a channel is being dialled: what the server
 * says before the dial is reported, right behind the answer of a proxy for instance, is
 * kept for them. What goes wrong before fails the dial, which tells.
 */
final class InboundGate extends ChannelInboundHandlerAdapter {

	private final ArrayDeque<Object> kept = new ArrayDeque<>();

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object msg) {
		this.kept.add(msg);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		// Else Netty would log it.
		ctx.close();
	}

	/** Lets what was kept go on to the handlers behind, and leaves the pipeline. */
	void open(ChannelHandlerContext ctx) {
		boolean any = !this.kept.isEmpty();
		for (Object msg = this.kept.poll(); msg != null; msg = this.kept.poll()) {
			ctx.fireChannelRead(msg);
		}
		if (any) {
			ctx.fireChannelReadComplete();
		}
		ctx.pipeline().remove(this);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		for (Object msg = this.kept.poll(); msg != null; msg = this.kept.poll()) {
			ReferenceCountUtil.release(msg);
		}
	}

}
