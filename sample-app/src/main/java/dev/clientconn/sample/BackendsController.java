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

import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows, adds, stops and starts backends, so that you can watch what a failure looks
 * like.
 */
@RestController
@RequestMapping("/backends")
class BackendsController {

	private final Backends backends;

	BackendsController(Backends backends) {
		this.backends = backends;
	}

	@GetMapping
	List<Backend.State> list() {
		return this.backends.states();
	}

	@PostMapping
	Backend.State add() {
		return this.backends.add().state();
	}

	@PostMapping("/{number}/stop")
	Backend.State stop(@PathVariable int number) {
		Backend backend = this.backends.get(number);
		backend.stop();
		return backend.state();
	}

	@PostMapping("/{number}/start")
	Backend.State start(@PathVariable int number) {
		Backend backend = this.backends.get(number);
		backend.start();
		return backend.state();
	}

	@ExceptionHandler
	ProblemDetail unknownBackend(IllegalArgumentException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, ex.getMessage());
	}

}
