package io.streamforge.opcua;

import io.streamforge.adapter.MethodCaller;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.lang.reflect.Array;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteValue;
import org.jspecify.annotations.Nullable;

/** Writes values of a server's nodes, and calls methods, beside the subscription, over its session (OPC 10000-4 §5.11.4). */
final class OpcUaWriter implements MethodCaller {

    private final List<Point> points;
    private final Requests server;
    private final Clock clock;

    /**
     * @param points in the table's order
     */
    OpcUaWriter(List<Point> points, Requests server, Clock clock) {
        this.points = points;
        this.server = server;
        this.clock = clock;
    }

    @Override
    public List<Sample> read(List<Integer> rows) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Book book = new Book(points);
        Structures types = new Structures(server);
        List<Sample> samples = new ArrayList<>();
        for (int row : rows) {
            Point point = points.get(row);
            List<Observation> seen = new ArrayList<>();
            try {
                DataValue value = server.read(server.resolve(point.node()), AttributeId.Value);
                book.value(point, value, types, now, seen);
            } catch (IOException e) {
                seen.addAll(book.lose(List.of(point), String.valueOf(e.getMessage()), now));
            }
            samples.add(only(book, point, seen, now));
        }
        return samples;
    }

    /** The point's own sample; an array or structure is more than one. */
    private static Sample only(Book book, Point point, List<Observation> seen, Instant now) {
        List<Sample> own = samples(seen, point);
        return own.size() == 1
                ? own.get(0)
                : samples(book.lose(List.of(point), "value: not one value, but its parts", now), point)
                        .get(0);
    }

    private static List<Sample> samples(List<Observation> seen, Point point) {
        return seen.stream()
                .filter(Sample.class::isInstance)
                .map(Sample.class::cast)
                .filter(sample -> sample.parameter().equals(point.name()))
                .toList();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Without a status and times, which not every server lets clients write.
     */
    @Override
    public Value write(int row, Value value) throws IOException {
        Point point = points.get(row);
        NodeId node = server.resolve(point.node());
        Object raw = server.read(node, AttributeId.Value).value().value();
        OpcUaDataType type = type(node, raw, point);
        Object typed = TypedValues.of(type, value);
        WriteResponse response = server.ask(
                WriteResponse.class,
                header -> new WriteRequest(header, new WriteValue[] {
                    new WriteValue(
                            node,
                            AttributeId.Value.uid(),
                            range(point),
                            DataValue.valueOnly(variant(point, type, typed)))
                }));
        StatusCode[] results = response.getResults();
        StatusCode status =
                results == null || results.length == 0 ? new StatusCode(StatusCodes.Bad_UnknownResponse) : results[0];
        if (!status.isGood()) {
            throw new IOException(Codes.text(status));
        }
        Value held = Parts.scalar(typed);
        return held == null ? value : held;
    }

    @Override
    public List<Output> call(int row, List<List<Value>> arguments) throws IOException {
        Point point = points.get(row);
        if (point.method() == null) {
            throw new IllegalArgumentException("is no method");
        }
        return new Methods(server).call(point, point.method(), arguments);
    }

    /**
     * What the node holds: the type of the value it has, else that of which its data type is a kind.
     *
     * @throws IllegalArgumentException if one value cannot stand for what it holds
     */
    private OpcUaDataType type(NodeId node, @Nullable Object raw, Point point) throws IOException {
        boolean array = raw instanceof Object[] || raw instanceof Matrix;
        if (raw != null && array == point.part().isEmpty()) {
            throw new IllegalArgumentException(
                    array
                            ? "is an array: only elements of it can be written, by a row with part [0] and so on"
                            : "has no elements: part %s cannot be written".formatted(point.part()));
        }
        Optional<OpcUaDataType> known = raw == null ? Optional.empty() : new Variant(raw).getDataType();
        if (known.isPresent()) {
            return known.get();
        }
        DataValue type = server.read(node, AttributeId.DataType);
        if (type.value().value() instanceof NodeId id) {
            return server.builtInType(id);
        }
        throw new IOException(Codes.text(type.statusCode()));
    }

    /** {@code [0][2]} as OPC 10000-4 §7.27 writes it: {@code 0,2}. */
    private static @Nullable String range(Point point) {
        return point.part().isEmpty()
                ? null
                : point.part().substring(1, point.part().length() - 1).replace("][", ",");
    }

    /** An element goes as an array, or a matrix, of one. */
    private static Variant variant(Point point, OpcUaDataType type, Object typed) {
        if (point.part().isEmpty()) {
            return new Variant(typed);
        }
        Object one = Array.newInstance(typed.getClass(), 1);
        Array.set(one, 0, typed);
        int[] dimensions =
                point.part().chars().filter(c -> c == '[').map(c -> 1).toArray();
        return new Variant(dimensions.length == 1 ? one : new Matrix(one, dimensions, type));
    }
}
