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

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The span names of gRFC A72, and the keys of Micrometer's own gRPC observation.
 *
 * @since 0.1.0
 */
public class DefaultClientConnCallObservationConvention implements ClientConnCallObservationConvention {

	/** Name of the observations of calls, and prefix of that of attempts. */
	static final String NAME = "clientconn.rpc";

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(ClientConnCallContext context) {
		return "Sent." + context.getMethod().getFullMethodName().replace('/', '.');
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ClientConnCallContext context) {
		return common(context, context.getStatus());
	}

	static KeyValues common(ClientConnCallContext call, @Nullable Status status) {
		MethodDescriptor<?, ?> method = call.getMethod();
		return KeyValues.of("clientconn.channel", call.getChannel(), "rpc.system", "grpc", "rpc.service",
				text(method.getServiceName()), "rpc.method", text(method.getBareMethodName()), "rpc.type",
				method.getType().name(), "grpc.status_code",
				(status != null) ? status.getCode().name() : KeyValue.NONE_VALUE);
	}

	private static String text(@Nullable String name) {
		return (name != null) ? name : KeyValue.NONE_VALUE;
	}

}
