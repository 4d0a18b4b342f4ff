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

import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The effective value of a property together with the name of the property it came from.
 * Works like a source of Boot's {@code PropertyMapper}, but a value that is refused makes
 * the application fail with the name of the property.
 *
 * @param <T> type of the value
 * @param property full name of the property that is set, or that could be set
 * @param value the value, {@code null} if it is not set anywhere
 * @since 0.1.0
 */
public record Setting<T>(String property, @Nullable T value) {

	/**
	 * Returns the value.
	 * @param builtIn returned if it is not set
	 * @return the value
	 */
	public T orElse(T builtIn) {
		return (this.value != null) ? this.value : builtIn;
	}

	/**
	 * Returns this setting, with a value in any case.
	 * @param builtIn the value to use if it is not set
	 * @return a setting with a value
	 */
	public Setting<T> or(T builtIn) {
		return (this.value != null) ? this : new Setting<>(this.property, builtIn);
	}

	/**
	 * Hands the value, if it is set, to an option.
	 * @param option takes the value
	 * @throws RuntimeException if the option refuses the value; the failure analysis
	 * names the property
	 */
	public void to(Consumer<? super T> option) {
		if (this.value == null) {
			return;
		}
		try {
			option.accept(this.value);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new ClientConnConfigurationException(this, ex);
		}
	}

	/**
	 * Returns the same setting with its value, if it is set, in another form.
	 * @param <R> type of the other form
	 * @param form converts the value
	 * @return the converted setting
	 * @throws RuntimeException if the value cannot be converted; the failure analysis
	 * names the property
	 */
	public <R> Setting<R> as(Function<? super T, R> form) {
		try {
			return new Setting<>(this.property, (this.value != null) ? form.apply(this.value) : null);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new ClientConnConfigurationException(this, ex);
		}
	}

}
