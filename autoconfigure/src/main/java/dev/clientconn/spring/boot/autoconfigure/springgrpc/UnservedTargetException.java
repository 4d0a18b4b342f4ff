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

import java.io.Serial;
import java.util.Set;

/**
 * A target that no channel is called like, where no other factory could serve it.
 */
final class UnservedTargetException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String target;

	private final transient Set<String> channels;

	UnservedTargetException(String target, Set<String> channels) {
		super("target: \"" + target + "\" (expected: one of " + channels + ", the keys under clientconn.channels)");
		this.target = target;
		this.channels = channels;
	}

	String getTarget() {
		return this.target;
	}

	Set<String> getChannels() {
		return this.channels;
	}

}
