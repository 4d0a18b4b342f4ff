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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Properties of the meters.
 */
@ConfigurationProperties("clientconn.metrics")
public class ClientConnMetricsProperties {

	/**
	 * Whether calls, connections and addresses are measured.
	 */
	private boolean enabled = true;

	/**
	 * Whether durations and sizes are published as histograms with the boundaries that
	 * gRFC A66 recommends. 'management.metrics.distribution.*' overrides them.
	 */
	private boolean histogram;

	private final PerAddress perAddress = new PerAddress();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isHistogram() {
		return this.histogram;
	}

	public void setHistogram(boolean histogram) {
		this.histogram = histogram;
	}

	public PerAddress getPerAddress() {
		return this.perAddress;
	}

	/**
	 * Meters with one row per address.
	 */
	public static class PerAddress {

		/**
		 * Most addresses of a channel that have rows of their own. The others are summed
		 * up under the address 'other'.
		 */
		private int max = 200;

		public int getMax() {
			return this.max;
		}

		public void setMax(int max) {
			this.max = max;
		}

	}

}
