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

package dev.clientconn.naming;

/**
 * A parsed dial target, after the gRPC naming rules.
 *
 * @param text the target as the user wrote it
 * @param scheme lower-case scheme; {@code dns} where the text has none
 * @param authority what stands between {@code //} and the next {@code /}; empty if absent
 * @param endpoint the rest, without its leading slash (a {@code unix} path keeps it)
 */
public record Target(String text, String scheme, String authority, String endpoint) {

}
