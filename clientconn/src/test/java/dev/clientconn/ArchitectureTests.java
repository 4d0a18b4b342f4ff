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

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules that keep the engine an engine.
 */
class ArchitectureTests {

	private static final JavaClasses MAIN = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.clientconn");

	private static final JavaClasses ALL = new ClassFileImporter().importPackages("dev.clientconn");

	@Test
	void engineKnowsNoSpring() {
		noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework..").check(MAIN);
	}

	@Test
	void engineKnowsOnlyTheApiOfGrpcJava() {
		noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.grpc.internal..", "io.grpc.netty..", "io.grpc.stub..", "io.grpc.protobuf..",
					"com.google.common..")
			.check(MAIN);
	}

	@Test
	void packagesHaveNoCycles() {
		slices().matching("dev.clientconn.(*)..").should().beFreeOfCycles().check(MAIN);
	}

	@Test
	void dependenciesPointDown() {
		layeredArchitecture().consideringOnlyDependenciesInLayers()
			.layer("root")
			.definedBy("dev.clientconn")
			.layer("transport")
			.definedBy("dev.clientconn.transport")
			.layer("balancer")
			.definedBy("dev.clientconn.balancer")
			.layer("serviceconfig")
			.definedBy("dev.clientconn.serviceconfig")
			.layer("stats")
			.definedBy("dev.clientconn.stats")
			.layer("naming")
			.definedBy("dev.clientconn.naming")
			.layer("time")
			.definedBy("dev.clientconn.time")
			.whereLayer("root")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("transport")
			.mayOnlyBeAccessedByLayers("root")
			.whereLayer("balancer")
			.mayOnlyBeAccessedByLayers("root")
			.whereLayer("stats")
			.mayOnlyBeAccessedByLayers("root", "transport")
			.whereLayer("serviceconfig")
			.mayOnlyBeAccessedByLayers("root", "balancer")
			.check(MAIN);
	}

	@Test
	void onlyTheTransportKnowsHttp2() {
		noClasses().that()
			.resideOutsideOfPackage("dev.clientconn.transport")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.netty.handler..", "io.netty.resolver..")
			.check(MAIN);
	}

	@Test
	void http2ClassesArePackagePrivate() {
		classes().that().haveSimpleNameStartingWith("Http2").should().bePackagePrivate().check(MAIN);
	}

	@Test
	void onlyTheRootUsesTransports() {
		noClasses().that()
			.resideOutsideOfPackages("dev.clientconn", "dev.clientconn.transport")
			.should()
			.dependOnClassesThat()
			.haveSimpleName("ClientTransport")
			.check(MAIN);
	}

	@Test
	void nothingSleeps() {
		noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
		noClasses().should().callMethod(Thread.class, "sleep", long.class, int.class).check(ALL);
	}

	@Test
	void timeComesFromTheScheduler() {
		noClasses().that()
			.doNotHaveSimpleName("EventLoopScheduler")
			.and()
			.doNotHaveSimpleName("BlockingDial")
			.and()
			.resideOutsideOfPackage("dev.clientconn.testing")
			.and()
			.haveNameNotMatching(".*TcpDialer(\\$.*)?")
			.should()
			.callMethod(System.class, "nanoTime")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.check(MAIN);
	}

}
