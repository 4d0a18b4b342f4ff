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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of this module.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.clientconn.spring.boot.autoconfigure";

	/**
	 * What applications, or other packages of ours, need. Properties, auto-configurations
	 * and endpoints are public by nature.
	 */
	private static final Set<String> PUBLIC = Set.of("ChannelRefresh", "ChannelSettings", "ClientConnDetails",
			"ClientConnStateChangedEvent", "ClientConns", "DialOptionsCustomizer", "GlobalClientInterceptor", "Setting",
			"SpringGrpcCalls", "actuate.ChannelDescriptor", "actuate.ClientConnEndpointJmxExtension",
			"actuate.ClientConnEndpointWebExtension", "actuate.ClientConnInfoContributor", "actuate.MethodDescriptor",
			"actuate.ServiceConfigDescriptor", "codec.ProtobufJsonCodec", "observation.ClientConnAttemptContext",
			"observation.ClientConnAttemptObservationConvention", "observation.ClientConnCallContext",
			"observation.ClientConnCallObservationConvention",
			"observation.DefaultClientConnAttemptObservationConvention",
			"observation.DefaultClientConnCallObservationConvention");

	private static final List<String> PUBLIC_BY_NATURE = List.of("Properties", "AutoConfiguration", "Endpoint");

	private static final int LONGEST_FILE = 400;

	private static final JavaClasses MAIN = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	private static final JavaClasses ALL = new ClassFileImporter().importPackages(ROOT);

	@Test
	void packagesHaveNoCycles() {
		slices().matching("dev.clientconn.spring.boot.(**)").should().beFreeOfCycles().check(MAIN);
	}

	@Test
	void whatEveryApplicationLoadsKnowsNoOptionalDependency() {
		noClasses().that()
			.resideInAPackage(ROOT)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..",
					"io.micrometer..", "org.springframework.cloud..", "org.springframework.security..",
					"io.grpc.stub..", "io.grpc.protobuf..", "io.grpc.binarylog..", "com.google.protobuf..")
			.check(MAIN);
	}

	@Test
	void typesArePackagePrivateByDefault() {
		Set<String> others = MAIN.stream()
			.filter((type) -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
			.filter((type) -> PUBLIC_BY_NATURE.stream().noneMatch(type.getSimpleName()::endsWith))
			.map((type) -> type.getName().substring(ROOT.length() + 1))
			.collect(Collectors.toSet());

		assertThat(others).as("public types: add to PUBLIC what a user needs, and to the docs")
			.containsExactlyInAnyOrderElementsOf(PUBLIC);
	}

	@Test
	void autoConfigurationsArePublicAndFinal() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.check(MAIN);
	}

	@Test
	void beanMethodsArePackagePrivateAndKnowTheirClasses() {
		methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate().check(MAIN);
		noMethods().that()
			.areAnnotatedWith(Bean.class)
			.should()
			.beAnnotatedWith(ConditionalOnClass.class)
			.because("the method cannot be read where the class is absent: nest a @Configuration")
			.check(MAIN);
	}

	@Test
	void everyAutoConfigurationIsListed() throws Exception {
		Set<String> found = MAIN.stream()
			.filter((type) -> type.isAnnotatedWith(AutoConfiguration.class))
			.map(JavaClass::getName)
			.collect(Collectors.toCollection(TreeSet::new));

		assertThat(Files.readAllLines(Path.of("src/main/resources/META-INF/spring",
				"org.springframework.boot.autoconfigure.AutoConfiguration.imports")))
			.containsExactlyInAnyOrderElementsOf(found);
	}

	@Test
	void configurationsHaveNoProxies() {
		for (JavaClass type : MAIN) {
			if (type.isAnnotatedWith(Configuration.class)) {
				assertThat(type.getAnnotationOfType(Configuration.class).proxyBeanMethods()).as(type.getName())
					.isFalse();
			}
		}
	}

	@Test
	void nothingIsInjectedIntoFields() {
		noFields().should().beAnnotatedWith(Autowired.class).orShould().beAnnotatedWith(Value.class).check(MAIN);
	}

	@Test
	void stateIsNeverStatic() {
		fields().that().areStatic().should().beFinal().check(MAIN);
		noFields().that()
			.areStatic()
			.should()
			.haveRawType(
					JavaClass.Predicates.resideInAnyPackage("java.util.concurrent..", "java.util.concurrent.atomic.."))
			.check(MAIN);
	}

	@Test
	void nothingSleeps() {
		noClasses().should().callMethod(Thread.class, "sleep", long.class).check(ALL);
		noClasses().should().callMethod(Thread.class, "sleep", long.class, int.class).check(ALL);
	}

	@Test
	void timeComesFromASourceThatTestsCanReplace() {
		noClasses().should()
			.callMethod(System.class, "nanoTime")
			.orShould()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(Instant.class, "now")
			.check(MAIN);
	}

	@Test
	void everyPackageSaysWhatItIsAndIsNullMarked() {
		Set<JavaPackage> packages = MAIN.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
		assertThat(packages).hasSizeGreaterThan(3).allSatisfy((each) -> {
			assertThat(each.tryGetPackageInfo()).as(each.getName()).isPresent();
			assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue();
		});
	}

	@Test
	void filesAreShort() throws Exception {
		try (Stream<Path> files = Files.walk(Path.of("src", "main"))) {
			for (Path file : files.filter((each) -> each.toString().endsWith(".java")).toList()) {
				assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(LONGEST_FILE);
			}
		}
	}

}
