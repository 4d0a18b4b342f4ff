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

import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScopeRefreshedEvent;
import org.springframework.context.event.EventListener;

/**
 * Treats a change of the environment as a change of the registry. The changed keys are
 * not looked at: they may be missing although values have changed.
 */
class RefreshEvents {

	private final RegistryEvents registryEvents;

	RefreshEvents(RegistryEvents registryEvents) {
		this.registryEvents = registryEvents;
	}

	@EventListener({ EnvironmentChangeEvent.class, RefreshScopeRefreshedEvent.class })
	void environmentChanged() {
		this.registryEvents.registryMayHaveChanged();
	}

}
