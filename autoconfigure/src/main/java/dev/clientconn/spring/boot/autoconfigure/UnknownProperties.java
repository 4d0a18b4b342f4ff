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

import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Refuses properties of channels that do not exist, because a mistyped limit would
 * otherwise silently be none. Environment variables and system properties are not looked
 * at: others put names there too.
 */
final class UnknownProperties {

	/** What there is under {@link #PREFIX}, of all modules. */
	static final Set<String> GROUPS = Set.of("channels", "defaults", "enabled", "event-loop", "events", "health",
			"metrics", "observation", "refresh", "spring-grpc");

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("clientconn");

	private UnknownProperties() {
	}

	/**
	 * Looks at the properties of all channels and of the defaults, and at the names of
	 * the groups beside them.
	 * @param environment holds the properties
	 * @throws ClientConnConfigurationException if there is one that does not exist
	 */
	static void refuse(Environment environment) {
		BindHandler handler = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
		try {
			Binder binder = Binder.get(environment);
			binder.bind(ChannelSettings.DEFAULTS, Bindable.of(ChannelProperties.class), handler);
			binder.bind(ChannelSettings.CHANNELS, Bindable.mapOf(String.class, ChannelProperties.class), handler);
		}
		catch (Exception ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof UnboundConfigurationPropertiesException unbound) {
					throw refusal(unbound.getUnboundProperties().stream().map(ConfigurationProperty::getName).toList());
				}
				if (cause instanceof BindException bind && hasOnlyPropertiesBelow(bind.getName())) {
					throw refusal(List.of(bind.getName()));
				}
			}
			throw ex;
		}
		List<ConfigurationPropertyName> strangers = strangers(environment);
		if (!strangers.isEmpty()) {
			throw refusal(strangers);
		}
	}

	/** Whether a name is that of a group in a channel, which has no value. */
	private static boolean hasOnlyPropertiesBelow(ConfigurationPropertyName name) {
		String group = name.getLastElement(Form.DASHED) + ".";
		boolean ofDefaults = ConfigurationPropertyName.of(ChannelSettings.DEFAULTS).isParentOf(name);
		return (ofDefaults || name.getNumberOfElements() == 4)
				&& known().stream().anyMatch((each) -> each.startsWith(group));
	}

	/** Returns what belongs to no group, such as the properties of a misspelt one. */
	private static List<ConfigurationPropertyName> strangers(Environment environment) {
		UnboundElementsSourceFilter filter = new UnboundElementsSourceFilter();
		Set<String> groups = new HashSet<>();
		GROUPS.forEach((group) -> groups.add(group.replace("-", "")));
		List<ConfigurationPropertyName> strangers = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (filter.apply(source) && source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter(PREFIX::isAncestorOf)
					.filter((name) -> !groups.contains(name.getElement(1, Form.UNIFORM)))
					.forEach(strangers::add);
			}
		}
		return strangers;
	}

	/** Returns the names of all properties of a channel, in kebab-case. */
	static Set<String> known() {
		Set<String> names = new TreeSet<>();
		collect("", ChannelProperties.class, names);
		return names;
	}

	/** Whether a property has no value of its own, but properties below it. */
	static boolean isGroup(Class<?> type) {
		return !type.isEnum() && !Map.class.isAssignableFrom(type)
				&& type.getPackage() == ChannelProperties.class.getPackage();
	}

	static String kebabCase(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	private static void collect(String prefix, Class<?> type, Set<String> names) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			Class<?> propertyType = property.getPropertyType();
			if (propertyType == null || propertyType == Class.class) {
				continue;
			}
			String name = prefix + kebabCase(property.getName());
			if (isGroup(propertyType)) {
				collect(name + ".", propertyType, names);
			}
			else {
				names.add(name);
			}
		}
	}

	private static ClientConnConfigurationException refusal(List<ConfigurationPropertyName> names) {
		String others = names.stream().skip(1).map((name) -> "'" + name + "'").collect(Collectors.joining(", "));
		// The value may be a secret under a mistyped name.
		return ClientConnConfigurationException.secret(names.get(0).toString(),
				"There is no such property." + (others.isEmpty() ? "" : " Nor are there " + others + "."),
				suggestion(names.get(0)));
	}

	private static String suggestion(ConfigurationPropertyName name) {
		String group = name.getElement(1, Form.DASHED);
		if (!GROUPS.contains(group)) {
			String rest = name.toString().substring(PREFIX.append(group).toString().length());
			return NearestName.of(group, GROUPS)
				.map((found) -> "Did you mean '" + PREFIX.append(found) + rest + "'?")
				.orElse("Remove the property, or choose one of " + new TreeSet<>(GROUPS) + " under '" + PREFIX + "'.");
		}
		boolean ofDefaults = ConfigurationPropertyName.of(ChannelSettings.DEFAULTS).isAncestorOf(name);
		int prefixElements = ofDefaults ? 2 : 3;
		List<String> leaf = new ArrayList<>();
		for (int i = prefixElements; i < name.getNumberOfElements(); i++) {
			leaf.add(name.getElement(i, Form.DASHED));
		}
		if (leaf.isEmpty()) {
			return "Give the channel properties, such as '" + name + ".target'.";
		}
		String wrong = String.join(".", leaf);
		Set<String> known = known();
		if (!ofDefaults && leaf.size() > 1 && known.contains(String.join(".", leaf.subList(1, leaf.size())))) {
			return "Write the name of a channel that has dots in brackets: '" + ChannelSettings.CHANNELS + "["
					+ name.getElement(2, Form.ORIGINAL) + "." + leaf.get(0) + "]."
					+ String.join(".", leaf.subList(1, leaf.size())) + "'.";
		}
		String last = leaf.get(leaf.size() - 1);
		Optional<String> nearest = NearestName.of(wrong, known)
			.or(() -> known.stream().filter((each) -> each.endsWith("." + last)).findFirst());
		return nearest.map((found) -> "Did you mean '" + name.chop(prefixElements) + "." + found + "'?")
			.orElse("Remove the property, or choose one of " + known + ".");
	}

}
