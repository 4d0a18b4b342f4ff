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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;

/**
 * Serves the scheme {@code recorded} with fixed addresses and remembers who asked.
 */
class RecordingResolver implements Resolver {

	final List<String> resolved = new CopyOnWriteArrayList<>();

	private final List<Address> addresses;

	RecordingResolver(Address... addresses) {
		this.addresses = List.of(addresses);
	}

	@Override
	public String scheme() {
		return "recorded";
	}

	@Override
	public String authority(Target target) {
		return target.endpoint();
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		this.resolved.add(target.text());
		listener.onAddresses(this.addresses);
		return new Resolution() {

			@Override
			public void refresh() {
			}

			@Override
			public void close() {
			}

		};
	}

}
