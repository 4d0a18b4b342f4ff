package com.example.demo;

import dev.clientconn.ClientConn;
import dev.clientconn.sample.proto.GreeterGrpc;
import dev.clientconn.sample.proto.HelloRequest;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class DemoApplication {

	public static void main(String[] args) {
		SpringApplication.run(DemoApplication.class, args);
	}

	@Bean
	GreeterGrpc.GreeterBlockingStub greeter(@Qualifier("greeter") ClientConn conn) {
		return GreeterGrpc.newBlockingStub(conn);
	}

	@Bean
	CommandLineRunner firstCall(GreeterGrpc.GreeterBlockingStub greeter) {
		return (args) -> System.out
			.println(greeter.sayHello(HelloRequest.newBuilder().setName("newcomer").build()).getMessage());
	}

}
