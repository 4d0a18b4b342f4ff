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

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.BeansException;
import org.springframework.cloud.client.ServiceInstance;

/**
 * Finds out whether the registry itself says that an instance should get no calls. Each
 * registry has a place of its own for that; the classes of Eureka's and Consul's are read
 * by the names of their properties, so that neither is needed.
 */
final class InstanceStatus {

	private static final Set<String> SERVING = Set.of("UP", "UNKNOWN");

	private InstanceStatus() {
	}

	/**
	 * Returns why an instance should get no calls.
	 * @param instance the instance
	 * @param metadata its metadata without nulls
	 * @return the reason, {@code null} if it may get calls
	 */
	static @Nullable String outOfService(ServiceInstance instance, Map<String, String> metadata) {
		if ("false".equalsIgnoreCase(metadata.get("nacos.healthy"))) {
			return "nacos.healthy=false";
		}
		String zookeeper = metadata.get("instance_status");
		if (zookeeper != null && !SERVING.contains(zookeeper)) {
			return "instance_status=" + zookeeper;
		}
		Object eureka = property(instance, "instanceInfo", "instanceInfo.status");
		if (eureka != null && !SERVING.contains(eureka.toString())) {
			return "status " + eureka;
		}
		Object consul = property(instance, "healthService", "healthService.checks");
		if (consul instanceof Iterable<?> checks) {
			for (Object check : checks) {
				Object status = property(check, "status", "status");
				if (status != null && status.toString().equals("CRITICAL")) {
					return "a health check is critical";
				}
			}
		}
		return null;
	}

	private static @Nullable Object property(Object bean, String name, String path) {
		if (BeanUtils.getPropertyDescriptor(bean.getClass(), name) == null) {
			return null;
		}
		try {
			return new BeanWrapperImpl(bean).getPropertyValue(path);
		}
		catch (BeansException ex) {
			return null; // Another class with a property of that name, or nothing in it.
		}
	}

}
