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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What calls take from the deadline of the call that the application is serving.
 */
public class DeadlineProperties {

	/**
	 * Whether the deadline of the gRPC context bounds a call and is told to the server.
	 */
	private @Nullable Boolean propagation;

	/**
	 * How much earlier than the context's the deadline of a call is, at most a day. Not
	 * taken from a deadline of the call's own.
	 */
	private @Nullable Duration margin;

	public @Nullable Boolean getPropagation() {
		return this.propagation;
	}

	public void setPropagation(@Nullable Boolean propagation) {
		this.propagation = propagation;
	}

	public @Nullable Duration getMargin() {
		return this.margin;
	}

	public void setMargin(@Nullable Duration margin) {
		this.margin = margin;
	}

}
