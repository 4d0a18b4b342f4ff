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

package dev.clientconn.sample;

import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Stops and starts the Eureka server, so that you can watch that nothing happens to the
 * calls.
 */
@RestController
@RequestMapping("/registry")
@Profile("eureka")
class RegistryController {

	private final EmbeddedEureka eureka;

	RegistryController(EmbeddedEureka eureka) {
		this.eureka = eureka;
	}

	@GetMapping
	EmbeddedEureka.State show() {
		return this.eureka.state();
	}

	@PostMapping("/stop")
	EmbeddedEureka.State stop() {
		this.eureka.stop();
		return this.eureka.state();
	}

	@PostMapping("/start")
	EmbeddedEureka.State start() {
		this.eureka.start();
		return this.eureka.state();
	}

}
