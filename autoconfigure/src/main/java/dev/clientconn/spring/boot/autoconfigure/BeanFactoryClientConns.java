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

import java.util.Map;
import java.util.Set;

import dev.clientconn.ClientConn;

import org.springframework.beans.factory.BeanFactory;

/**
 * Finds connections by their bean names, so that a channel is dialed only once somebody
 * needs it.
 *
 * @param beanFactory holds the connections
 * @param beanNames bean name by channel name
 */
record BeanFactoryClientConns(BeanFactory beanFactory, Map<String, String> beanNames) implements ClientConns {

	@Override
	public ClientConn get(String name) {
		String beanName = this.beanNames.get(name);
		if (beanName == null) {
			throw new IllegalArgumentException(
					"channel: \"" + name + "\" (expected: one of " + names() + ", the keys under clientconn.channels)");
		}
		return this.beanFactory.getBean(beanName, ClientConn.class);
	}

	@Override
	public Set<String> names() {
		return this.beanNames.keySet();
	}

}
