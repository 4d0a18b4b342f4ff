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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells which channels a stub could have meant.
 */
class UnservedTargetFailureAnalyzer extends AbstractFailureAnalyzer<UnservedTargetException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnservedTargetException cause) {
		String description = "A gRPC stub has the target '%s', which is not the name of a channel:%n%n    Channels: %s"
			.formatted(cause.getTarget(), cause.getChannels().isEmpty() ? "none" : cause.getChannels());
		String action = ("Correct the target, or define 'clientconn.channels.%s'. Only a transport of grpc-java, such "
				+ "as io.grpc:grpc-netty on the class path, serves targets that are not channels.")
			.formatted(cause.getTarget());
		return new FailureAnalysis(description, action, cause);
	}

}
