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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * The application's beans that a channel uses, by one rule for all types: a bean without
 * a {@link Qualifier} is for all channels, one with a qualifier is for the channel of
 * that name and no other.
 *
 * @param beanFactory holds the beans
 */
record ChannelBeans(ConfigurableListableBeanFactory beanFactory) {

	/**
	 * Returns the beans for a channel.
	 * @param <T> type of the beans
	 * @param channel name of the channel
	 * @param type type of the beans
	 * @return the beans in their order
	 */
	<T> List<T> forChannel(String channel, Class<T> type) {
		return List.copyOf(forChannel(channel, type, (beanName) -> true).values());
	}

	/**
	 * Returns some of the beans for a channel.
	 * @param <T> type of the beans
	 * @param channel name of the channel
	 * @param type type of the beans
	 * @param wanted tells by its name whether a bean is wanted
	 * @return the beans by their names, in their order
	 */
	<T> Map<String, T> forChannel(String channel, Class<T> type, Predicate<String> wanted) {
		Map<T, String> names = new IdentityHashMap<>();
		Map<String, T> beans = new LinkedHashMap<>();
		for (String name : names(type)) {
			String qualifier = qualifier(name);
			if ((qualifier == null || qualifier.equals(channel)) && wanted.test(name)) {
				T bean = this.beanFactory.getBean(name, type);
				beans.put(name, bean);
				names.put(bean, name);
			}
		}
		List<Map.Entry<String, T>> entries = new ArrayList<>(beans.entrySet());
		entries.sort(Map.Entry.comparingByValue(
				AnnotationAwareOrderComparator.INSTANCE.withSourceProvider((bean) -> orderSources(names.get(bean)))));
		Map<String, T> inOrder = new LinkedHashMap<>();
		entries.forEach((entry) -> inOrder.put(entry.getKey(), entry.getValue()));
		return inOrder;
	}

	/**
	 * Returns the bean that a property names.
	 * @param <T> type of the bean
	 * @param name name of the bean
	 * @param type type of the bean
	 * @return the bean
	 * @throws IllegalArgumentException if there is no such bean; the message lists those
	 * that exist
	 */
	<T> T named(String name, Class<T> type) {
		if (!this.beanFactory.containsBean(name) || !this.beanFactory.isTypeMatch(name, type)) {
			throw new IllegalArgumentException("\"" + name + "\" (expected: the name of a bean of type "
					+ type.getSimpleName() + "; there " + found(names(type)) + ")");
		}
		return this.beanFactory.getBean(name, type);
	}

	boolean isAnnotated(String name, Class<? extends Annotation> annotation) {
		return this.beanFactory.findAnnotationOnBean(name, annotation) != null;
	}

	private List<String> names(Class<?> type) {
		return List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type));
	}

	private @Nullable String qualifier(String name) {
		if (definition(name) instanceof AbstractBeanDefinition definition) {
			AutowireCandidateQualifier explicit = definition.getQualifier(Qualifier.class.getName());
			if (explicit != null) {
				return String.valueOf(explicit.getAttribute(AutowireCandidateQualifier.VALUE_KEY));
			}
		}
		Qualifier annotation = this.beanFactory.findAnnotationOnBean(name, Qualifier.class);
		return (annotation != null) ? annotation.value() : null;
	}

	/** What Spring itself reads the order of an injected list from. */
	private Object orderSources(@Nullable String name) {
		List<Object> sources = new ArrayList<>(2);
		if (name != null && definition(name) instanceof RootBeanDefinition definition) {
			Method factoryMethod = definition.getResolvedFactoryMethod();
			if (factoryMethod != null) {
				sources.add(factoryMethod);
			}
			Class<?> targetType = definition.getTargetType();
			if (targetType != null) {
				sources.add(targetType);
			}
		}
		return sources.toArray();
	}

	private @Nullable BeanDefinition definition(String name) {
		return this.beanFactory.containsBeanDefinition(name) ? this.beanFactory.getMergedBeanDefinition(name) : null;
	}

	private static String found(List<String> names) {
		return switch (names.size()) {
			case 0 -> "is none";
			case 1 -> "is only " + names;
			default -> "are " + names;
		};
	}

}
