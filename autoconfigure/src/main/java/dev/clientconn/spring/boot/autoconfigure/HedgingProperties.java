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

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * When calls are sent a second time before the first attempt has answered.
 */
public class HedgingProperties {

	/**
	 * How it is decided that a call takes too long.
	 */
	private @Nullable Mode mode;

	/**
	 * Time without an answer after which a call is sent again in mode 'fixed'.
	 */
	private @Nullable Duration delay;

	/**
	 * Share of calls that may be sent again in mode 'adaptive'.
	 */
	private @Nullable Double maxExtraLoad;

	/**
	 * Attempts per call, the first included.
	 */
	private @Nullable Integer maxAttempts;

	/**
	 * Methods that are hedged beside those that are idempotent, such as
	 * 'shop.Orders/Get', or 'shop.Orders/*' for all methods of a service.
	 */
	private @Nullable List<String> methods;

	public @Nullable Mode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable Mode mode) {
		this.mode = mode;
	}

	public @Nullable Duration getDelay() {
		return this.delay;
	}

	public void setDelay(@Nullable Duration delay) {
		this.delay = delay;
	}

	public @Nullable Double getMaxExtraLoad() {
		return this.maxExtraLoad;
	}

	public void setMaxExtraLoad(@Nullable Double maxExtraLoad) {
		this.maxExtraLoad = maxExtraLoad;
	}

	public @Nullable Integer getMaxAttempts() {
		return this.maxAttempts;
	}

	public void setMaxAttempts(@Nullable Integer maxAttempts) {
		this.maxAttempts = maxAttempts;
	}

	public @Nullable List<String> getMethods() {
		return this.methods;
	}

	public void setMethods(@Nullable List<String> methods) {
		this.methods = methods;
	}

	/**
	 * When a call takes too long.
	 */
	public enum Mode {

		/**
		 * Never.
		 */
		OFF,

		/**
		 * After a time that is set.
		 */
		FIXED,

		/**
		 * After longer than nearly all calls of the method have taken.
		 */
		ADAPTIVE

	}

}
