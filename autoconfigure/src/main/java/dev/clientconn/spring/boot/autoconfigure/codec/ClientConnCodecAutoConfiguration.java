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

package dev.clientconn.spring.boot.autoconfigure.codec;

import com.google.protobuf.util.JsonFormat;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the codec {@code json}.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(JsonFormat.class)
@ConditionalOnBooleanProperty(name = "clientconn.enabled", matchIfMissing = true)
public final class ClientConnCodecAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ProtobufJsonCodec protobufJsonCodec() {
		return ProtobufJsonCodec.create();
	}

}
