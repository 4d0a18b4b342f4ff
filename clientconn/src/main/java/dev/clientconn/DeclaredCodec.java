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
 * No codec.
 */
final class DeclaredCodec implements Codec {

	static final Codec INSTANCE = new DeclaredCodec();

	private DeclaredCodec() {
	}

	@Override
	public String name() {
		return "declared";
	}

	@Override
	public <T> Marshaller<T> marshaller(Marshaller<T> declared) {
		return declared;
	}

	@Override
	public String toString() {
		return "Codec.declared()";
	}

}
