package com.example.demo;

import java.io.IOException;

import dev.clientconn.sample.proto.GreeterGrpc;
import dev.clientconn.sample.proto.HelloReply;
import dev.clientconn.sample.proto.HelloRequest;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class DemoApplicationTests {

	@Test
	void firstCallReachesTheBackend(CapturedOutput output) throws IOException {
		Server backend = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
			.addService(new Greeter())
			.build()
			.start();
		try {
			SpringApplication
				.run(DemoApplication.class, "--clientconn.channels.greeter.target=localhost:" + backend.getPort())
				.close();
		}
		finally {
			backend.shutdownNow();
		}
		assertThat(output).contains("Hello, Ada!");
	}

	static class Greeter extends GreeterGrpc.GreeterImplBase {

		@Override
		public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
			replies.onNext(HelloReply.newBuilder().setMessage("Hello, " + request.getName() + "!").build());
			replies.onCompleted();
		}

	}

}
