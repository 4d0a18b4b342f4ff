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

package dev.clientconn;

import io.grpc.MethodDescriptor.Marshaller;

/**
 * Replaces how messages become bytes ({@code WithCodec} in Go). The content type stays
 * {@code application/grpc}, as in the seed: both sides have to agree.
 */
public interface Codec {

	/**
	 * Returns a name for log lines.
	 * @return such as {@code json}
	 */
	String name();

	/**
	 * Returns the marshaller to use in place of the one that the method declares. Asked
	 * once per method and direction, and kept.
	 * @param <T> the message type
	 * @param declared the marshaller that the generated code declares
	 * @return the marshaller to use, possibly {@code declared}
	 */
	<T> Marshaller<T> marshaller(Marshaller<T> declared);

}
