package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.MethodCaller;
import io.streamforge.adapter.MethodCaller.Output;
import io.streamforge.adapter.PointWriter;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Writing to nodes of node-opcua, beside the subscription. */
class OpcUaWriteIT extends OpcUaRoute {

    private static final NodeOpcuaServer SERVER = NodeOpcuaServer.start();

    /** Where no answer comes; that of a method which takes its time comes after 5000. */
    private static final int SHORT_MS = 2000;

    private static final int LONG_MS = 20_000;

    private final List<Observation> taken = new CopyOnWriteArrayList<>();

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    /** One route for all of them: each takes a while to connect. */
    private static final List<String> TYPES = List.of(
            "Boolean",
            "SByte",
            "Byte",
            "Int16",
            "UInt16",
            "Int32",
            "UInt32",
            "Int64",
            "UInt64",
            "Float",
            "Double",
            "String",
            "LocalizedText",
            "DateTime",
            "Guid",
            "ByteString",
            "NodeId");

    @Test
    void aNodeOfEachTypeHasWhatWasWritten() throws Exception {
        PointWriter writer =
                route(SERVER.url(), TYPES.stream().map(type -> "A" + type).toArray(String[]::new));
        for (String line : List.of(
                "Boolean|true",
                "SByte|-128",
                "Byte|255",
                "Int16|-32768",
                "UInt16|65535",
                "Int32|-2147483648",
                "UInt32|4294967295",
                "Int64|-9223372036854775808",
                "UInt64|9223372036854775807",
                "Float|0.1",
                "Double|1e300",
                "Float|16777217",
                "Double|3",
                "String|press ä",
                "LocalizedText|Presse",
                "DateTime|2026-11-21T08:00:00.123Z",
                "Guid|1f6ac7a2-0d0f-4b5c-9c32-0f6a2d6b3c11",
                "ByteString|AP8Q")) {
            String type = line.substring(0, line.indexOf('|'));
            int row = TYPES.indexOf(type);
            Value held = writer.write(row, value(line.substring(type.length() + 1)));
            assertThat(writer.read(List.of(row))).singleElement().satisfies(sample -> {
                assertThat(sample.value()).as(line).isEqualTo(held);
                assertThat(sample.quality()).isEqualTo(Quality.GOOD);
            });
            await(line).until(() -> taken.stream().anyMatch(seen -> held.equals(((Sample) seen).value())));
        }
    }

    @Test
    void aValueThatTheNodeCannotHoldIsNotSent() throws Exception {
        PointWriter writer =
                route(SERVER.url(), TYPES.stream().map(type -> "A" + type).toArray(String[]::new));
        for (String line : List.of(
                "Boolean|1|must be true or false, got 1",
                "SByte|128|cannot hold 128, SByte is -128 to 127",
                "UInt16|-1|cannot hold -1, UInt16 is 0 to 65535",
                "Int32|1.5|must be a whole number, got 1.5",
                "UInt64|1e20|cannot hold 100000000000000000000, UInt64 is 0 to 18446744073709551615",
                "Float|1e300|cannot hold 1.0E300, it is beyond Float",
                "Double|text|must be a number, got 'text'",
                "String|5|must be a text, got 5",
                "DateTime|today|must be a time as 2026-11-21T08:00:00Z, got 'today'",
                "Guid|5-5|must be a Guid as 72962b91-fa75-4ae6-8d28-b404dc7daf63, got '5-5'",
                "ByteString|+|must be bytes in base64, got '+'",
                "NodeId|i=85|is of type NodeId, which cannot be written")) {
            String[] parts = line.split("\\|");
            int row = TYPES.indexOf(parts[0]);
            Value before = writer.read(List.of(row)).get(0).value();
            assertThatThrownBy(() -> writer.write(row, value(parts[1])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(parts[2]);
            assertThat(writer.read(List.of(row)).get(0).value()).isEqualTo(before);
        }
    }

    @Test
    void anElementIsWrittenAndItsNeighboursStay() throws Exception {
        PointWriter writer = table(SERVER.url(), """
                [{"name":"second","node":"nsu=urn:streamforge:peer;s=Speeds","part":"[1]"},
                 {"name":"first","node":"nsu=urn:streamforge:peer;s=Speeds","part":"[0]"},
                 {"name":"all","node":"nsu=urn:streamforge:peer;s=Speeds"},
                 {"name":"corner","node":"nsu=urn:streamforge:peer;s=Grid","part":"[1][2]"},
                 {"name":"beyond","node":"nsu=urn:streamforge:peer;s=Speeds","part":"[3]"},
                 {"name":"scalar","node":"nsu=urn:streamforge:peer;s=AInt32","part":"[0]"}]""");
        assertThat(writer.write(0, new Value.Real(7.5))).isEqualTo(new Value.Real(7.5));
        assertThat(writer.write(3, new Value.Whole(60))).isEqualTo(new Value.Whole(60));
        assertThat(writer.read(List.of(0, 1, 3)))
                .extracting(Sample::value)
                .containsExactly(new Value.Real(7.5), new Value.Real(1), new Value.Whole(60));
        assertThatThrownBy(() -> writer.write(2, new Value.Real(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is an array: only elements of it can be written, by a row with part [0] and so on");
        assertThat(writer.read(List.of(2)).get(0).reason()).isEqualTo("value: not one value, but its parts");
        assertThatThrownBy(() -> writer.write(4, new Value.Real(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("0x80370000 Bad_IndexRangeNoData");
        assertThatThrownBy(() -> writer.write(5, new Value.Whole(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("has no elements: part [0] cannot be written");
    }

    @Test
    void whatTheServerRefusesIsTold() throws Exception {
        PointWriter writer = route(SERVER.url(), "Fixed", "Limited", "Nowhere");
        assertThatThrownBy(() -> writer.write(0, new Value.Text("B")))
                .isInstanceOf(IOException.class)
                .hasMessage("0x803B0000 Bad_NotWritable");
        assertThatThrownBy(() -> writer.write(1, new Value.Whole(101)))
                .isInstanceOf(IOException.class)
                .hasMessage("0x803C0000 Bad_OutOfRange");
        assertThatThrownBy(() -> writer.write(2, new Value.Whole(1)))
                .isInstanceOf(IOException.class)
                .hasMessage("0x80340000 Bad_NodeIdUnknown");
        assertThat(writer.read(List.of(2)).get(0).reason()).isEqualTo("0x80340000 Bad_NodeIdUnknown");
    }

    @Test
    void aNodeThatKeepsWhatItHasShowsThatWhenReadBack() throws Exception {
        PointWriter writer = route(SERVER.url(), "Stubborn");
        assertThat(writer.write(0, new Value.Whole(9))).isEqualTo(new Value.Whole(9));
        assertThat(writer.read(List.of(0)).get(0).value()).isEqualTo(new Value.Whole(5));
    }

    @Test
    void withoutAConnectionNothingIsWrittenNotEvenLater() throws Exception {
        try (CutProxy network = new CutProxy(SERVER.port())) {
            PointWriter writer = route(NodeOpcuaServer.url(network.port()), "AInt64");
            await().until(() -> health().fault().isEmpty());
            writer.write(0, new Value.Whole(1));
            network.cut();
            await().until(() -> health().fault().isPresent());
            assertThatThrownBy(() -> writer.write(0, new Value.Whole(2)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("connection: there is none to %s".formatted(NodeOpcuaServer.url(network.port())));
            assertThat(writer.read(List.of(0)).get(0).quality()).isEqualTo(Quality.BAD);
            network.mend();
            await().until(() -> health().fault().isEmpty());
            assertThat(writer.read(List.of(0)).get(0).value()).isEqualTo(new Value.Whole(1));
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsNoAcknowledgement() throws Exception {
        try (CutProxy network = new CutProxy(SERVER.port())) {
            PointWriter writer = table(NodeOpcuaServer.url(network.port()), SHORT_MS, rows("AInt32"));
            network.swallow();
            assertThatThrownBy(() -> writer.write(0, new Value.Whole(2)))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                            "timeout: no answer within 2000 ms|connection: .*|0x80AE0000 Bad_ConnectionClosed");
        }
    }

    @Test
    void aMethodIsCalledWithTypedArgumentsAndAnswers() throws Exception {
        MethodCaller caller = (MethodCaller) table(SERVER.url(), """
                [{"name":"start","node":"nsu=urn:streamforge:peer;s=Start","method":true,"arguments":"recipe, count 1..250"},
                 {"name":"stop","node":"nsu=urn:streamforge:peer;s=Stop","method":true,"object":"nsu=urn:streamforge:peer;s=Press"},
                 {"name":"label","node":"nsu=urn:streamforge:peer;s=Label"}]""");
        assertThat(caller.call(0, List.of(List.of(new Value.Text("A-17")), List.of(new Value.Whole(3)))))
                .containsExactly(
                        new Output("Batch", new Value.Whole(17)),
                        new Output("Steps[0]", new Value.Text("A-17")),
                        new Output("Steps[1]", new Value.Text("3 times")));
        assertThat(caller.call(0, List.of(List.of(new Value.Text("17")), List.of(new Value.Text("4")))))
                .containsExactly(
                        new Output("Batch", new Value.Whole(18)),
                        new Output("Steps[0]", new Value.Text("17")),
                        new Output("Steps[1]", new Value.Text("4 times")));
        assertThat(caller.call(1, List.of())).isEmpty();
        assertThat(taken).extracting(seen -> ((Sample) seen).parameter()).containsOnly("label");
        assertThatThrownBy(
                        () -> caller.call(0, List.of(List.of(new Value.Text("A-17")), List.of(new Value.Whole(256)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot be called: argument 'Count' cannot hold 256, Byte is 0 to 255");
        assertThatThrownBy(() -> caller.call(0, List.of(List.of(new Value.Text("A-17")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("takes 2 arguments (Recipe, Count), its row names 1");
        assertThatThrownBy(() -> caller.call(2, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is no method");
    }

    @Test
    void aMethodThatIsRefusedSaysSo() throws Exception {
        MethodCaller caller = (MethodCaller) table(SERVER.url(), """
                [{"name":"start","node":"nsu=urn:streamforge:peer;s=Start","method":true,"arguments":"recipe, count"},
                 {"name":"forbidden","node":"nsu=urn:streamforge:peer;s=Forbidden","method":true},
                 {"name":"sum","node":"nsu=urn:streamforge:peer;s=Sum","method":true,"arguments":"values[]"},
                 {"name":"elsewhere","node":"nsu=urn:streamforge:peer;s=Stop","method":true,"object":"nsu=urn:streamforge:peer;s=None"},
                 {"name":"label","node":"nsu=urn:streamforge:peer;s=Label"}]""");
        assertThatThrownBy(() -> caller.call(0, List.of(List.of(new Value.Text("A")), List.of(new Value.Whole(201)))))
                .isInstanceOf(IOException.class)
                .hasMessage("0x80AB0000 Bad_InvalidArgument, argument 'Count' 0x803C0000 Bad_OutOfRange");
        assertThatThrownBy(() -> caller.call(1, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("0x80AF0000 Bad_InvalidState");
        assertThatThrownBy(() -> caller.call(2, List.of(List.of(new Value.Real(1), new Value.Text("much")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot be called: argument 'Values' must be a number, got 'much'");
        assertThatThrownBy(() -> caller.call(
                        0, List.of(List.of(new Value.Text("A"), new Value.Text("B")), List.of(new Value.Whole(1)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot be called: argument 'Recipe' is one value, its row says that it is a list");
        assertThatThrownBy(() -> caller.call(3, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("0x80[0-9A-F]{6} Bad_NodeId(Invalid|Unknown)");
    }

    @Test
    void aMethodThatDoesNotAnswerSaysSo() throws Exception {
        MethodCaller caller = (MethodCaller) table(SERVER.url(), SHORT_MS, """
                [{"name":"slow","node":"nsu=urn:streamforge:peer;s=Slow","method":true},
                 {"name":"label","node":"nsu=urn:streamforge:peer;s=Label"}]""");
        assertThatThrownBy(() -> caller.call(0, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("timeout: no answer within 2000 ms");
    }

    @Test
    void aListOfValuesIsGivenAndGivenBackAsAnArray() throws Exception {
        MethodCaller caller = (MethodCaller) table(SERVER.url(), """
                [{"name":"sum","node":"nsu=urn:streamforge:peer;s=Sum","method":true,"arguments":"values[]"},
                 {"name":"label","node":"nsu=urn:streamforge:peer;s=Label"}]""");
        assertThat(caller.call(0, List.of(List.of(new Value.Real(1.5), new Value.Whole(2), new Value.Text("4")))))
                .containsExactly(
                        new Output("Total", new Value.Real(7.5)),
                        new Output("Running[0]", new Value.Real(1.5)),
                        new Output("Running[1]", new Value.Real(3.5)),
                        new Output("Running[2]", new Value.Real(7.5)));
        assertThat(caller.call(0, List.of(List.of()))).containsExactly(new Output("Total", new Value.Real(0)));
    }

    @Test
    void aMethodsRowIsCheckedAsItIsRead() {
        assertThatThrownBy(() -> table(SERVER.url(), """
                        [{"name":"a","node":"i=1","method":true,"event":true,"object":"Press"},
                         {"name":"b","node":"i=1","object":"i=1","arguments":"x"},
                         {"name":"c","node":"i=1","method":true,"arguments":"x 5..1","writable":true,"writeMin":1}]"""))
                .rootCause()
                .hasMessage(
                        "OPC UA points: row 1: method is called, not monitored: event and part do not apply; "
                                + "row 1: object must be a node id as nsu=urn:plant;s=Temperature or ns=2;i=1001, got 'Press'; "
                                + "row 2: object applies to methods only; "
                                + "row 2: arguments applies to methods only; "
                                + "row 3: writeMin and writeMax do not apply to a method, its arguments have ranges of their own; "
                                + "row 3: arguments must be different names, each with [] for a list, and a range or none, as recipe, count 1..100, speeds[] 0..50, got 'x 5..1'.");
    }

    @Test
    void aSourceThatIsStoppedWritesNothing() throws Exception {
        PointWriter writer = route(SERVER.url(), "AInt32");
        context.getRouteController().stopRoute("under-test");
        assertThatThrownBy(() -> writer.write(0, new Value.Whole(2)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("connection: there is none to ");
    }

    private static Value value(String text) {
        if (text.equals("true")) {
            return new Value.Flag(true);
        }
        try {
            return text.matches("-?\\d+")
                    ? new Value.Whole(Long.parseLong(text))
                    : new Value.Real(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return new Value.Text(text);
        }
    }

    private PointWriter route(String url, String... nodes) throws Exception {
        return table(url, rows(nodes));
    }

    private static String rows(String... nodes) {
        return "["
                + String.join(
                        ",",
                        List.of(nodes).stream()
                                .map(node -> "{\"name\":\"%1$s\",\"node\":\"nsu=urn:streamforge:peer;s=%1$s\"}"
                                        .formatted(node))
                                .toList())
                + "]";
    }

    private PointWriter table(String url, String points) throws Exception {
        return table(url, LONG_MS, points);
    }

    private PointWriter table(String url, int timeoutMs, String points) throws Exception {
        context.getRegistry().bind("points", new ObjectMapper().readTree(points));
        context.addRoutes(new RouteBuilder() {
            @Override
            @SuppressWarnings("unchecked")
            public void configure() {
                from("opcua:" + url
                                + "?points=#bean:points&security=none&publishingIntervalMs=50&samplingIntervalMs=0&reconnectMaxDelayMs=500&timeoutMs="
                                + timeoutMs)
                        .routeId("under-test")
                        .process(exchange -> taken.addAll(exchange.getMessage().getBody(List.class)));
            }
        });
        await().until(() -> taken.stream().anyMatch(seen -> ((Sample) seen).quality() == Quality.GOOD));
        return PointWriter.of(
                        Objects.requireNonNull(context.getRoute("under-test")).getConsumer())
                .orElseThrow();
    }
}
