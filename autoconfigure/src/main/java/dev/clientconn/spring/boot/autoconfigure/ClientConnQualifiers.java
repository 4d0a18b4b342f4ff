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

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.Environment;

/**
 * Gives each connection the name of its channel as qualifier, and the method that
 * destroys it, which a {@link org.springframework.beans.factory.BeanRegistrar} cannot. An
 * alias in place of the qualifier would hide an application's own bean of that name.
 *
 * @param environment holds the properties
 */
record ClientConnQualifiers(Environment environment) implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
			return; // Not supported with a BeanRegistrar; done when the application
					// starts.
		}
		ChannelNames.beanNames(this.environment).forEach((channel, beanName) -> {
			if (beanFactory.containsBeanDefinition(beanName)
					&& beanFactory.getBeanDefinition(beanName) instanceof AbstractBeanDefinition definition) {
				definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, channel));
				// Not close(), which Spring would find by itself and which waits: by then
				// the
				// lifecycle has given the calls their time, or the start has failed.
				definition.setDestroyMethodName("shutdownNow");
			}
		});
	}

}
