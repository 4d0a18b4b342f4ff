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

package dev.clientconn.spring.boot.autoconfigure.refresh;

import dev.clientconn.spring.boot.autoconfigure.ChannelRefresh;

import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScopeRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Has the channels follow a change of the environment. The changed keys are not looked
 * at: they may be missing although values have changed.
 */
class EnvironmentChanges {

	private final ChannelRefresh refresh;

	EnvironmentChanges(ChannelRefresh refresh) {
		this.refresh = refresh;
	}

	/**
	 * Comes before Spring Cloud binds all properties again, which fails at a wrong value
	 * and then keeps the event from those who come after it.
	 */
	@EventListener(EnvironmentChangeEvent.class)
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void environmentChanges() {
		if (this.refresh.isBroken()) {
			this.refresh.refresh();
		}
	}

	/**
	 * Comes after it: customizers may have properties of their own.
	 */
	@EventListener({ EnvironmentChangeEvent.class, RefreshScopeRefreshedEvent.class })
	@Order(Ordered.LOWEST_PRECEDENCE)
	void environmentChanged() {
		this.refresh.refresh();
	}

}
