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

package dev.clientconn.registries;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;

/**
 * What an operator sees over HTTP.
 *
 * @param port of the application
 */
record Actuator(int port) {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private static final Configuration NULL_IF_ABSENT = Configuration.defaultConfiguration()
		.addOptions(Option.SUPPRESS_EXCEPTIONS);

	/** Reads a value of the channel from the endpoint; null if it has none. */
	Object channel(String path) {
		return read("/actuator/clientconn/svc", path);
	}

	/** Reads a value of the channel's health; null if it has none. */
	Object health(String path) {
		return read("/actuator/health/clientconn/svc", path);
	}

	private Object read(String uri, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + uri))
			.timeout(Duration.ofSeconds(20))
			.build();
		try {
			String json = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
			return JsonPath.using(NULL_IF_ABSENT).parse(json).read(path);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
