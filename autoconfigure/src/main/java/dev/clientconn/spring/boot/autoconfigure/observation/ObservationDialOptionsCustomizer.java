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

package dev.clientconn.spring.boot.autoconfigure.observation;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;

import org.springframework.core.Ordered;

/**
 * Has the calls of every channel observed, inside of all other interceptors: one of them
 * may observe the call already.
 *
 * @param observations makes observations
 */
record ObservationDialOptionsCustomizer(Observations observations) implements DialOptionsCustomizer, Ordered {

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		ObservationInterceptor interceptor = new ObservationInterceptor(channel, this.observations);
		builder.unaryInterceptor(interceptor).streamInterceptor(interceptor);
	}

}
