"""gRPC's interop test service on gRPC's C core, which C++, Python, Ruby and PHP share.

The only argument is a file with a FileDescriptorSet that has grpc.testing.TestService; so no code is generated.
Prints the port that it serves on, and ends with its standard input.
"""

import os
import sys
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"

pool = descriptor_pool.DescriptorPool()


def message_class(descriptor):
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def echo_metadata(context):
    for key, value in context.invocation_metadata():
        if key == ECHO_INITIAL:
            context.send_initial_metadata(((key, value),))
        if key == ECHO_TRAILING:
            context.set_trailing_metadata(((key, value),))


def check_status(request, context):
    if request.response_status.code:
        code = next(code for code in grpc.StatusCode if code.value[0] == request.response_status.code)
        context.abort(code, request.response_status.message)


class TestService:

    def __init__(self, service):
        self.out = {method.name: message_class(method.output_type) for method in service.methods}

    def EmptyCall(self, request, context):
        echo_metadata(context)
        return self.out["EmptyCall"]()

    def UnaryCall(self, request, context):
        echo_metadata(context)
        check_status(request, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        reply = self.out["UnaryCall"]()
        reply.payload.body = bytes(request.response_size)
        return reply

    def StreamingInputCall(self, requests, context):
        size = sum(len(request.payload.body) for request in requests)
        return self.out["StreamingInputCall"](aggregated_payload_size=size)

    def StreamingOutputCall(self, request, context):
        if any(asked.compressed.value for asked in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        yield from self.replies(request)

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            check_status(request, context)
            yield from self.replies(request)

    def HalfDuplexCall(self, requests, context):
        for request in list(requests):
            yield from self.replies(request)

    def replies(self, request):
        for asked in request.response_parameters:
            if asked.interval_us:
                time.sleep(asked.interval_us / 1e6)
            reply = self.out["StreamingOutputCall"]()
            reply.payload.body = bytes(asked.size)
            yield reply


def main():
    files = descriptor_pb2.FileDescriptorSet()
    with open(sys.argv[1], "rb") as descriptors:
        files.ParseFromString(descriptors.read())
    for file in files.file:
        pool.AddSerializedFile(file.SerializeToString())
    service = pool.FindServiceByName("grpc.testing.TestService")
    implementation = TestService(service)
    kinds = {
        "EmptyCall": grpc.unary_unary_rpc_method_handler,
        "UnaryCall": grpc.unary_unary_rpc_method_handler,
        "StreamingInputCall": grpc.stream_unary_rpc_method_handler,
        "StreamingOutputCall": grpc.unary_stream_rpc_method_handler,
        "FullDuplexCall": grpc.stream_stream_rpc_method_handler,
        "HalfDuplexCall": grpc.stream_stream_rpc_method_handler,
    }
    handlers = {
        name: handler(getattr(implementation, name),
                      request_deserializer=message_class(service.methods_by_name[name].input_type).FromString,
                      response_serializer=lambda message: message.SerializeToString())
        for name, handler in kinds.items()
    }
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16),
                         options=(("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    os._exit(0)


main()
