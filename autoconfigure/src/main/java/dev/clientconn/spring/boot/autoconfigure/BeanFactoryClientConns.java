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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import dev.clientconn.ClientConn;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;

/**
 * Finds connections by their bean names, so that a channel is dialed only once somebody
 * needs it.
 */
final class BeanFactoryClientConns implements ClientConns {

	private final ListableBeanFactory beanFactory;

	/** By channel. */
	private final Map<String, String> beanNames;

	/** By channel, the bean to use: looked for once. */
	private final Map<String, String> used = new ConcurrentHashMap<>();

	/**
	 * Creates an object that finds connections.
	 * @param beanFactory holds the connections
	 * @param beanNames bean name by channel name
	 */
	BeanFactoryClientConns(ListableBeanFactory beanFactory, Map<String, String> beanNames) {
		this.beanFactory = beanFactory;
		this.beanNames = beanNames;
	}

	/**
	 * Returns the application's own bean for a channel: one that has another name than
	 * ours, and the channel as its qualifier. Injection by that qualifier prefers it.
	 * @param beanFactory holds the beans
	 * @param channel name of the channel
	 * @param beanName name of our bean
	 * @return the name of the bean, empty unless there is exactly one
	 */
	static Optional<String> ofApplication(ListableBeanFactory beanFactory, String channel, String beanName) {
		List<String> names = Stream
			.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory, ClientConn.class, true, false))
			.filter((name) -> !name.equals(beanName)
					&& BeanFactoryAnnotationUtils.isQualifierMatch(channel::equals, name, beanFactory))
			.toList();
		return (names.size() == 1) ? Optional.of(names.get(0)) : Optional.empty();
	}

	@Override
	public ClientConn get(String name) {
		String beanName = this.beanNames.get(name);
		if (beanName == null) {
			throw new IllegalArgumentException(
					"channel: \"" + name + "\" (expected: one of " + names() + ", the keys under clientconn.channels)");
		}
		String used = this.used.get(name);
		if (used == null) {
			// Not under a lock of the map: the bean factory has locks of its own.
			used = ofApplication(this.beanFactory, name, beanName).orElse(beanName);
			this.used.put(name, used);
		}
		return this.beanFactory.getBean(used, ClientConn.class);
	}

	@Override
	public Set<String> names() {
		return this.beanNames.keySet();
	}

}
