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

package dev.clientconn.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Points channels at a server that listens on loopback, whatever their target is. On a
 * test class, with {@code @SpringBootTest} or anything else that loads an application
 * context.
 * <p>
 * The connections are real: HTTP/2 over a socket, with the channel's balancer, deadlines
 * and interceptors. They speak plaintext, even where the channel is configured for TLS;
 * its credentials are sent all the same. No context waits for them: {@code connect.mode}
 * {@code block} becomes {@code eager}. Calls that are made before the server has started
 * wait for it.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface AutoConfigureTestClientConn {

	/**
	 * Names of the channels to point at the server.
	 * @return names of channels, all channels if there are none
	 */
	String[] channels() default {};

	/**
	 * Which server they are pointed at.
	 * @return the server, by default one with the services of the context
	 */
	Server server() default Server.BEANS;

	/**
	 * Which server channels are pointed at.
	 */
	enum Server {

		/**
		 * A {@link TestBackend} bean on a free port, with the
		 * {@link io.grpc.BindableService} beans of the context.
		 */
		BEANS,

		/**
		 * The gRPC server that the application runs. Its port comes from the
		 * {@code GrpcServerStartedEvent} of Spring gRPC, else from the property
		 * {@code local.grpc.server.port}. It must speak plaintext.
		 */
		APPLICATION

	}

}
