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

import dev.clientconn.ClientConn;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.env.Environment;

/**
 * Defines one {@link ClientConn} bean per channel, once all beans of the application are
 * defined: a bean that has the name of ours, or the channel as its qualifier, is used in
 * its place. Ours are fallbacks, so that injection by type prefers a connection of the
 * application. All have the name of their channel as qualifier; an alias would do the
 * same, and hide an application's own bean of that name.
 * <p>
 * Ahead-of-time processing leaves our definitions out, and they are made again when the
 * application starts: channels then come from the properties of that moment.
 *
 * @param environment holds the properties
 */
record ClientConnDefinitions(Environment environment) implements BeanDefinitionRegistryPostProcessor {

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		UnknownProperties.refuse(this.environment);
		Map<String, String> beanNames = ChannelNames.beanNames(this.environment);
		beanNames.forEach((channel, beanName) -> {
			if (!registry.isBeanNameInUse(beanName)) {
				registry.registerBeanDefinition(beanName, definition(channel, (BeanFactory) registry));
			}
		});
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		ChannelNames.beanNames(this.environment).forEach((channel, beanName) -> {
			if (isOurs(beanFactory, beanName)
					&& BeanFactoryClientConns.ofApplication(beanFactory, channel, beanName).isPresent()) {
				((BeanDefinitionRegistry) beanFactory).removeBeanDefinition(beanName);
			}
			else if (beanFactory.containsBeanDefinition(beanName)
					&& beanFactory.getBeanDefinition(beanName) instanceof AbstractBeanDefinition definition) {
				definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, channel));
			}
		});
	}

	private static boolean isOurs(ConfigurableListableBeanFactory beanFactory, String beanName) {
		return beanFactory.containsBeanDefinition(beanName) && beanFactory.getBeanDefinition(beanName)
			.getAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE) != null;
	}

	private static BeanDefinition definition(String channel, BeanFactory beanFactory) {
		RootBeanDefinition definition = new RootBeanDefinition(ClientConn.class,
				() -> beanFactory.getBean(ClientConnFactory.class).dial(channel));
		definition.setFallback(true);
		// The lifecycle closes, and has waited by then: the destroy method that
		// Spring would infer waits once more, and one channel after the other.
		definition.setDestroyMethodName("shutdownNow");
		definition.setDescription("ClientConn of the channel '" + channel + "'");
		definition.setAttribute(BeanRegistrationAotProcessor.IGNORE_REGISTRATION_ATTRIBUTE, true);
		return definition;
	}

}
