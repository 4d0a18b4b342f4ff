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

import java.io.InputStream;

import dev.clientconn.balancer.PickOptions;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Stands for a call when a balancer is asked whether it can pick; never sent.
 */
final class ProbeCall implements PickOptions {

	static final ProbeCall INSTANCE = new ProbeCall();

	private static final MethodDescriptor<InputStream, InputStream> METHOD = MethodDescriptor
		.<InputStream, InputStream>newBuilder()
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName("clientconn.Probe/Pick")
		.setRequestMarshaller(new Bytes())
		.setResponseMarshaller(new Bytes())
		.build();

	private ProbeCall() {
	}

	@Override
	public MethodDescriptor<?, ?> method() {
		return METHOD;
	}

	@Override
	public CallOptions callOptions() {
		return CallOptions.DEFAULT;
	}

	@Override
	public Metadata headers() {
		return new Metadata();
	}

	@Override
	public boolean waitForReady() {
		return false;
	}

	private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {

		@Override
		public InputStream stream(InputStream value) {
			return value;
		}

		@Override
		public InputStream parse(InputStream stream) {
			return stream;
		}

	}

}
