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

package dev.clientconn.spring.boot.autoconfigure.observation;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an observed call.
 *
 * @since 0.1.0
 */
public final class ClientConnCallContext extends Observation.Context {

	private final String channel;

	private final MethodDescriptor<?, ?> method;

	private volatile @Nullable Status status;

	ClientConnCallContext(String channel, MethodDescriptor<?, ?> method) {
		this.channel = channel;
		this.method = method;
	}

	/**
	 * Returns the name of the channel, as in {@code clientconn.channels.<name>}.
	 * @return the name
	 */
	public String getChannel() {
		return this.channel;
	}

	/**
	 * Returns the method.
	 * @return the method
	 */
	public MethodDescriptor<?, ?> getMethod() {
		return this.method;
	}

	/**
	 * Returns how the call has ended.
	 * @return the status, {@code null} before the end
	 */
	public @Nullable Status getStatus() {
		return this.status;
	}

	void setStatus(Status status) {
		this.status = status;
	}

}
