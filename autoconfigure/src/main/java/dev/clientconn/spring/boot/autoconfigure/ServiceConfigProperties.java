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

import java.io.Serial;
import java.util.LinkedHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The service config of a channel, as it is written: a tree of properties, or one text.
 * It is not looked at here, so that a mistake is reported like those of other properties.
 *
 * @since 0.1.0
 */
public final class ServiceConfigProperties extends LinkedHashMap<String, Object> {

	@Serial
	private static final long serialVersionUID = 1L;

	private final @Nullable String text;

	/** Makes an empty tree, which the binder fills. */
	public ServiceConfigProperties() {
		this.text = null;
	}

	/**
	 * Takes a text in place of a tree.
	 * @param text JSON, or the location of a file
	 */
	public ServiceConfigProperties(String text) {
		this.text = text.strip();
	}

	@Override
	public String toString() {
		return (this.text != null) ? this.text : super.toString();
	}

	/** Whether nothing is written at all. */
	boolean saysNothing() {
		return isEmpty() && (this.text == null || this.text.isEmpty());
	}

	/** What is written in place of a tree; {@code null} for a tree. */
	@Nullable String text() {
		return this.text;
	}

}
