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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;

/**
 * What the instances of one answer come to.
 *
 * @param addresses each usable address once, sorted by zone, host and port
 * @param skipped why instances are not used, by the host and port they registered
 * @param filtered instances that do not match the metadata filter
 * @param duplicates instances whose address another one has too
 * @param warnings what operators should know, by kind; one example of each
 */
record Instances(List<Address> addresses, Map<String, String> skipped, int filtered, int duplicates,
		Map<String, String> warnings) {

	Instances {
		addresses = List.copyOf(addresses);
	}

}
