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

package dev.clientconn.spring.boot.autoconfigure.observation;

import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

import org.springframework.boot.micrometer.observation.autoconfigure.ObservationHandlerGroup;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Micrometer Tracing over OpenTelemetry, with the handlers that Boot sets up. Ended spans
 * stay in memory.
 */
@Configuration(proxyBeanMethods = false)
class Tracing {

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	private final Tracer otel = SdkTracerProvider.builder()
		.addSpanProcessor(SimpleSpanProcessor.create(this.exporter))
		.build()
		.get("test");

	private final OtelTracer tracer = new OtelTracer(this.otel, new OtelCurrentTraceContext(), (event) -> {
	});

	@Bean
	InMemorySpanExporter exporter() {
		return this.exporter;
	}

	/** Of its members the first that supports a context handles it. */
	@Bean
	ObservationHandlerGroup tracingGroup() {
		return ObservationHandlerGroup.of(TracingObservationHandler.class);
	}

	@Bean
	@Order(1)
	PropagatingSenderTracingObservationHandler<?> senderHandler() {
		return new PropagatingSenderTracingObservationHandler<>(this.tracer,
				new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), this.otel));
	}

	@Bean
	@Order(2)
	DefaultTracingObservationHandler defaultHandler() {
		return new DefaultTracingObservationHandler(this.tracer);
	}

}
