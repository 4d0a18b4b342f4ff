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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How targets of the scheme 'discovery' follow the service registry.
 */
public class DiscoveryProperties {

	/**
	 * Time between look-ups in the registry; each varies at random by 20 percent.
	 */
	private @Nullable Duration pollInterval;

	/**
	 * Time between look-ups while the channel is idle, so that it wakes with a list that
	 * is up to date; each varies at random by 20 percent.
	 */
	private @Nullable Duration idlePollInterval;

	/**
	 * Longest time of a look-up; one that takes longer is given up and counts as failed.
	 */
	private @Nullable Duration timeout;

	/**
	 * What to do when the registry no longer knows any instance of the service.
	 */
	private @Nullable OnEmpty onEmpty;

	/**
	 * How long to keep the last addresses when the registry no longer knows any instance
	 * and on-empty is until-dead, even if they work. Without limit unless set.
	 */
	private @Nullable Duration emptyHold;

	/**
	 * Share of the addresses, above 0 and at most 1. When the registry loses more than
	 * that at once, the addresses stay in use until a second look-up confirms it. With 1
	 * it is always believed.
	 */
	private @Nullable Double shrinkGuard;

	/**
	 * Whether another instance id for the same address means that a new process runs
	 * there, which is then connected to without backoff.
	 */
	private @Nullable Boolean restartDetection;

	/**
	 * Whether a service config in the metadata of the instances, under
	 * gRPC_service_config, is used where the channel's properties have none.
	 */
	private @Nullable Boolean serviceConfig;

	/**
	 * Service to look up. Taken from the path of the target unless set.
	 */
	private @Nullable String serviceId;

	/**
	 * gRPC port of all instances, whatever the registry says.
	 */
	private @Nullable Integer port;

	/**
	 * Directory in which each channel keeps its last addresses and their metadata, for a
	 * start while the registry is down. None are kept unless set.
	 */
	private @Nullable String snapshotDirectory;

	/**
	 * Keys of instance metadata that hold the gRPC port, in order of preference. Case,
	 * dots, dashes and underscores do not matter. The instance's own port is used if none
	 * is present.
	 */
	private List<String> portMetadataKeys = new ArrayList<>();

	/**
	 * Metadata that an instance must have to be used. All instances are used unless set.
	 */
	private Map<String, String> metadataFilter = new LinkedHashMap<>();

	public @Nullable Duration getPollInterval() {
		return this.pollInterval;
	}

	public void setPollInterval(@Nullable Duration pollInterval) {
		this.pollInterval = pollInterval;
	}

	public @Nullable Duration getIdlePollInterval() {
		return this.idlePollInterval;
	}

	public void setIdlePollInterval(@Nullable Duration idlePollInterval) {
		this.idlePollInterval = idlePollInterval;
	}

	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(@Nullable Duration timeout) {
		this.timeout = timeout;
	}

	public @Nullable OnEmpty getOnEmpty() {
		return this.onEmpty;
	}

	public void setOnEmpty(@Nullable OnEmpty onEmpty) {
		this.onEmpty = onEmpty;
	}

	public @Nullable Duration getEmptyHold() {
		return this.emptyHold;
	}

	public void setEmptyHold(@Nullable Duration emptyHold) {
		this.emptyHold = emptyHold;
	}

	public @Nullable Double getShrinkGuard() {
		return this.shrinkGuard;
	}

	public void setShrinkGuard(@Nullable Double shrinkGuard) {
		this.shrinkGuard = shrinkGuard;
	}

	public @Nullable Boolean getRestartDetection() {
		return this.restartDetection;
	}

	public void setRestartDetection(@Nullable Boolean restartDetection) {
		this.restartDetection = restartDetection;
	}

	public @Nullable Boolean getServiceConfig() {
		return this.serviceConfig;
	}

	public void setServiceConfig(@Nullable Boolean serviceConfig) {
		this.serviceConfig = serviceConfig;
	}

	public @Nullable String getServiceId() {
		return this.serviceId;
	}

	public void setServiceId(@Nullable String serviceId) {
		this.serviceId = serviceId;
	}

	public @Nullable Integer getPort() {
		return this.port;
	}

	public void setPort(@Nullable Integer port) {
		this.port = port;
	}

	public @Nullable String getSnapshotDirectory() {
		return this.snapshotDirectory;
	}

	public void setSnapshotDirectory(@Nullable String snapshotDirectory) {
		this.snapshotDirectory = snapshotDirectory;
	}

	public List<String> getPortMetadataKeys() {
		return this.portMetadataKeys;
	}

	public void setPortMetadataKeys(List<String> portMetadataKeys) {
		this.portMetadataKeys = portMetadataKeys;
	}

	public Map<String, String> getMetadataFilter() {
		return this.metadataFilter;
	}

	public void setMetadataFilter(Map<String, String> metadataFilter) {
		this.metadataFilter = metadataFilter;
	}

	/**
	 * What to do when the registry no longer knows any instance.
	 */
	public enum OnEmpty {

		/**
		 * Keep the last addresses until none of them works and the registry says it
		 * again: a registry in trouble must not end working calls.
		 */
		UNTIL_DEAD,

		/** Keep the last addresses until the registry knows others. */
		KEEP,

		/** Remove all addresses at once. */
		HONOR

	}

}
