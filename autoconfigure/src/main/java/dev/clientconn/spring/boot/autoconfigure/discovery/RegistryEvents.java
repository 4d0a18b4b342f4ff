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

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.ParentHeartbeatEvent;
import org.springframework.context.event.EventListener;

/**
 * Tells running resolutions that the registry may have changed. The value of a heartbeat
 * is not looked at: registries give it different meanings, and several registries may
 * count alike. Safe for use from any thread.
 */
class RegistryEvents {

	private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();

	@EventListener({ HeartbeatEvent.class, ParentHeartbeatEvent.class })
	void registryMayHaveChanged() {
		this.listeners.forEach(Runnable::run);
	}

	void add(Runnable listener) {
		this.listeners.add(listener);
	}

	void remove(Runnable listener) {
		this.listeners.remove(listener);
	}

}
