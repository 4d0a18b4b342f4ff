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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

class SslBundleTests {

	private final List<String> reconnected = new ArrayList<>();

	@Test
	void callsGoOverTlsWithTheBundlesCertificates() throws Exception {
		X509Bundle certificate = certificate();
		Server server = NettyServerBuilder
			.forPort(0,
					TlsServerCredentials.newBuilder()
						.keyManager(certificate.toTempCertChainPem(), certificate.toTempPrivateKeyPem())
						.build())
			.build()
			.start();
		try {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class))
				.withPropertyValues("spring.ssl.bundle.pem.internal.truststore.certificate=" + pem(certificate),
						"clientconn.channels.greeter.target=localhost:" + server.getPort(),
						"clientconn.channels.greeter.ssl.bundle=internal")
				.run((context) -> {
					ClientConn conn = context.getBean(ClientConn.class);

					Status status = TestCalls.start(conn).get();

					assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
					assertThat(conn.snapshot().security()).isEqualTo("tls");
				});
		}
		finally {
			server.shutdownNow().awaitTermination();
		}
	}

	@Test
	void aReloadedBundleReplacesTheContext() throws Exception {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("internal", bundle(pem(certificate())));
		SslContexts contexts = contexts(registry);
		Supplier<SslContext> context = contexts.forBundle("internal");
		SslContext before = context.get();
		assertThat(context.get()).isSameAs(before);
		assertThat(contexts.forBundle("internal")).as("equal, so that a refresh changes nothing").isEqualTo(context);

		registry.updateBundle("internal", bundle(pem(certificate())));

		assertThat(context.get()).isNotSameAs(before);
	}

	@Test
	void channelsThatWantItReconnectAfterAnUpdateOfTheirBundle() throws Exception {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("internal", bundle(pem(certificate())));
		registry.registerBundle("external", bundle(pem(certificate())));
		SslContexts contexts = contexts(registry);
		contexts.forBundle("internal");
		contexts.forBundle("external");
		contexts.onUpdate("greeter", "internal");
		contexts.onUpdate("billing", "internal");
		contexts.onUpdate("orders", "external");
		contexts.onUpdate("reports", "internal");
		contexts.onUpdate("reports", null);

		registry.updateBundle("internal", bundle(pem(certificate())));

		assertThat(this.reconnected).containsExactly("billing", "greeter");
	}

	@Test
	void aChannelThatNoLongerUsesTheBundleIsLeftAlone() throws Exception {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("internal", bundle(pem(certificate())));
		ChannelSecurity security = new ChannelSecurity(contexts(registry));
		ClientConnProperties properties = new ClientConnProperties();
		for (String channel : List.of("plaintext", "trusting", "same")) {
			ChannelProperties own = new ChannelProperties();
			own.getSsl().setBundle("internal");
			properties.getChannels().put(channel, own);
			security.apply(ChannelSettings.of(properties, channel), DialOptions.builder());
		}
		properties.getChannels().get("plaintext").getSsl().setBundle(null);
		properties.getChannels().get("plaintext").setInsecure(true);
		properties.getChannels().get("trusting").getSsl().setBundle(null);
		properties.getChannels().get("trusting").getSsl().setEnabled(true);
		properties.getChannels()
			.keySet()
			.forEach((channel) -> security.apply(ChannelSettings.of(properties, channel), DialOptions.builder()));

		registry.updateBundle("internal", bundle(pem(certificate())));

		assertThat(this.reconnected).containsExactly("same");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aBundleThatCannotBeUsedLeavesTheOneBefore(CapturedOutput output) throws Exception {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("internal", bundle(pem(certificate())));
		SslContexts contexts = contexts(registry);
		Supplier<SslContext> context = contexts.forBundle("internal");
		SslContext before = context.get();
		contexts.onUpdate("greeter", "internal");

		registry.updateBundle("internal", bundle("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n"));

		assertThat(context.get()).isSameAs(before);
		assertThat(this.reconnected).isEmpty();
		assertThat(output).contains("WARN").contains("SSL bundle 'internal' was updated and cannot be used");
	}

	@Test
	void contextsOfferHttp2Only() throws Exception {
		SslContext context = contexts(new DefaultSslBundleRegistry("internal", bundle(pem(certificate()))))
			.forBundle("internal")
			.get();

		assertThat(context.isClient()).isTrue();
		assertThat(context.applicationProtocolNegotiator().protocols()).containsExactly("h2");
	}

	private SslContexts contexts(DefaultSslBundleRegistry registry) {
		StaticListableBeanFactory beans = new StaticListableBeanFactory();
		beans.addBean("sslBundles", registry);
		return new SslContexts(beans.getBeanProvider(SslBundles.class), this.reconnected::add);
	}

	private static SslBundle bundle(String trusted) {
		return SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(trusted)));
	}

	private static X509Bundle certificate() throws Exception {
		return new CertificateBuilder().subject("CN=localhost")
			.addSanDnsName("localhost")
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
	}

	private static String pem(X509Bundle certificate) {
		return certificate.getCertificatePathPEM();
	}

}
