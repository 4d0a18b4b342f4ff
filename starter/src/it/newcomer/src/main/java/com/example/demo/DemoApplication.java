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
	CommandLineRunner firstCall(@Qualifier("greeter") ClientConn conn) {
		GreeterGrpc.GreeterBlockingStub greeter = GreeterGrpc.newBlockingStub(conn);
		HelloRequest request = HelloRequest.newBuilder().setName("Ada").build();
		return (args) -> System.out.println(greeter.sayHello(request).getMessage());
	}

}
