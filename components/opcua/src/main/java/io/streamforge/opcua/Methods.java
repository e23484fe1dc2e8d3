package io.streamforge.opcua;

import io.streamforge.adapter.MethodCaller.Output;
import io.streamforge.model.Value;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.Argument;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodResult;
import org.eclipse.milo.opcua.stack.core.types.structured.CallRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.CallResponse;

/** Calls a server's methods (OPC 10000-4 §5.12) with arguments of the types that the server says they have. */
final class Methods {

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern REAL = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");

    private final Requests server;

    Methods(Requests server) {
        this.server = server;
    }

    /** @see io.streamforge.adapter.MethodCaller#call */
    List<Output> call(Point point, Point.Method kind, List<List<Value>> values) throws IOException {
        NodeId method = server.resolve(point.node());
        NodeId object =
                kind.object() == null ? server.above(method, NodeIds.HasComponent) : server.resolve(kind.object());
        List<Argument> inputs = arguments(method, "InputArguments");
        Variant[] sent = typed(inputs, values);
        CallResponse response = server.ask(
                CallResponse.class,
                header ->
                        new CallRequest(header, new CallMethodRequest[] {new CallMethodRequest(object, method, sent)}));
        CallMethodResult[] results = response.getResults();
        if (results == null || results.length == 0) {
            throw new IOException(Codes.text(StatusCodes.Bad_UnknownResponse));
        }
        if (!results[0].getStatusCode().isGood()) {
            throw new IOException(refusal(results[0], inputs));
        }
        Variant[] outputs = results[0].getOutputArguments();
        return outputs == null ? List.of() : outputs(arguments(method, "OutputArguments"), outputs);
    }

    /** What the method is called with, as a row's column {@code arguments} says it. */
    String inputs(NodeId method) throws IOException {
        return arguments(method, "InputArguments").stream()
                .map(argument -> String.valueOf(argument.getName())
                                .replaceAll("[,\\[\\]]", " ")
                                .strip()
                        + (argument.getValueRank() >= 0 ? "[]" : ""))
                .collect(Collectors.joining(", "));
    }

    private List<Argument> arguments(NodeId method, String property) throws IOException {
        List<Argument> arguments = new ArrayList<>();
        if (server.property(method, property) instanceof ExtensionObject[] encoded) {
            for (ExtensionObject one : encoded) {
                arguments.add((Argument) one.decode(server.context()));
            }
        }
        return arguments;
    }

    private Variant[] typed(List<Argument> inputs, List<List<Value>> values) throws IOException {
        if (inputs.size() != values.size()) {
            throw new IllegalArgumentException("takes %d arguments%s, its row names %d"
                    .formatted(
                            inputs.size(),
                            inputs.isEmpty()
                                    ? ""
                                    : inputs.stream()
                                            .map(Argument::getName)
                                            .collect(Collectors.joining(", ", " (", ")")),
                            values.size()));
        }
        Variant[] typed = new Variant[values.size()];
        for (int i = 0; i < typed.length; i++) {
            Argument input = inputs.get(i);
            OpcUaDataType type = server.builtInType(input.getDataType());
            try {
                typed[i] = new Variant(typed(input, type, values.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "cannot be called: argument '%s' %s".formatted(input.getName(), e.getMessage()), e);
            }
        }
        return typed;
    }

    /** As its value rank has it (OPC 10000-3 §5.6.2): a scalar, or an array of one dimension. */
    private static Object typed(Argument input, OpcUaDataType type, List<Value> values) {
        int rank = input.getValueRank();
        if (rank > 1) {
            throw new IllegalArgumentException("is an array of %d dimensions, which cannot be given".formatted(rank));
        }
        if (rank < 0) {
            if (values.size() != 1) {
                throw new IllegalArgumentException("is one value, its row says that it is a list");
            }
            return TypedValues.of(type, meant(type, values.get(0)));
        }
        Object array = Array.newInstance(type.getBackingClass(), values.size());
        for (int i = 0; i < values.size(); i++) {
            Array.set(array, i, TypedValues.of(type, meant(type, values.get(i))));
        }
        return array;
    }

    /** People type texts: one that is a number or a flag is meant as such where the argument is one. */
    private static Value meant(OpcUaDataType type, Value value) {
        if (value instanceof Value.Text text) {
            String typed = text.value().strip();
            if (type == OpcUaDataType.Boolean && (typed.equals("true") || typed.equals("false"))) {
                return new Value.Flag(Boolean.parseBoolean(typed));
            } else if (Number.class.isAssignableFrom(type.getBackingClass())
                    && WHOLE.matcher(typed).matches()) {
                return new Value.Whole(Long.parseLong(typed));
            } else if (Number.class.isAssignableFrom(type.getBackingClass())
                    && REAL.matcher(typed).matches()) {
                return new Value.Real(Double.parseDouble(typed));
            }
        }
        return value;
    }

    /** With the arguments that the server does not like, where it names them. */
    private static String refusal(CallMethodResult result, List<Argument> inputs) {
        StatusCode[] each = result.getInputArgumentResults();
        String named = each == null
                ? ""
                : IntStream.range(0, Math.min(each.length, inputs.size()))
                        .filter(i -> !each[i].isGood())
                        .mapToObj(i ->
                                ", argument '%s' %s".formatted(inputs.get(i).getName(), Codes.text(each[i])))
                        .collect(Collectors.joining());
        return Codes.text(result.getStatusCode()) + named;
    }

    private List<Output> outputs(List<Argument> declared, Variant[] values) {
        Structures types = new Structures(server);
        List<Output> outputs = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            String name = i < declared.size() ? String.valueOf(declared.get(i).getName()) : "output " + (i + 1);
            Parts.of(
                    name,
                    "",
                    types.open(values[i].value()),
                    (part, value, problem) -> outputs.add(new Output(part, value)));
        }
        return outputs;
    }
}
