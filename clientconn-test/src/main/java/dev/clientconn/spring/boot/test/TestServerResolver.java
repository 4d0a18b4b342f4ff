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

package dev.clientconn.spring.boot.test;

import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;

/**
 * Resolves {@code test-server:///channel}, the target of channels that are pointed at the
 * server of the test.
 *
 * @param address where that is
 */
record TestServerResolver(TestServerAddress address) implements Resolver {

	private static final String SCHEME = "test-server";

	static String target(String channel) {
		return SCHEME + ":///" + channel;
	}

	@Override
	public String scheme() {
		return SCHEME;
	}

	@Override
	public String authority(Target target) {
		return TestServerAddress.LOOPBACK;
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		return this.address.follow(listener);
	}

}
