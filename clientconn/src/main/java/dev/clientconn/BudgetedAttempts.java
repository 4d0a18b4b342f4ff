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

package dev.clientconn;

/**
 * Asks two for an extra attempt: what a service config throttles, and the budget, which
 * is asked last, because it counts what it allows.
 *
 * @param throttle of the service config, or {@link ExtraAttempts#UNLIMITED}
 * @param budget of the ClientConn
 */
record BudgetedAttempts(ExtraAttempts throttle, RetryBudget budget) implements ExtraAttempts {

	@Override
	public boolean take() {
		return this.throttle.take() && this.budget.take();
	}

	@Override
	public void giveBack() {
		this.budget.giveBack();
	}

	@Override
	public void succeeded() {
		this.throttle.succeeded();
	}

	@Override
	public void failed() {
		this.throttle.failed();
	}

}
