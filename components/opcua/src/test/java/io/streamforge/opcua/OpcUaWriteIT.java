package io.streamforge.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamforge.adapter.PointWriter;
import io.streamforge.adapter.SourceHealth;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.opcua.peers.NodeOpcuaServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writing to nodes of node-opcua, beside the subscription. */
class OpcUaWriteIT {

    private static final NodeOpcuaServer SERVER = NodeOpcuaServer.start();

    private final CamelContext context = new DefaultCamelContext();
    private final List<Observation> taken = new CopyOnWriteArrayList<>();

    @TempDir
    private Path data = Path.of("");

    @BeforeAll
    static void prepare() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @BeforeEach
    void start() {
        context.getRegistry().bind("dataFolder", data);
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "Boolean,true",
        "SByte,-128",
        "Byte,255",
        "Int16,-32768",
        "UInt16,65535",
        "Int32,-2147483648",
        "UInt32,4294967295",
        "Int64,-9223372036854775808",
        "UInt64,9223372036854775807",
        "Float,0.1",
        "Double,1e300",
        "Float,16777217",
        "Double,3",
        "String,'press ä'",
        "LocalizedText,Presse",
        "DateTime,2026-11-21T08:00:00.123Z",
        "Guid,1f6ac7a2-0d0f-4b5c-9c32-0f6a2d6b3c11",
        "ByteString,AP8Q"
    })
    void aNodeOfEachTypeHasWhatWasWritten(String type, String text) throws Exception {
        PointWriter writer = route(SERVER.url(), "A" + type);
        Value held = writer.write(0, value(text));
        assertThat(writer.read(List.of(0))).singleElement().satisfies(sample -> {
            assertThat(sample.value()).isEqualTo(held);
            assertThat(sample.quality()).isEqualTo(Quality.GOOD);
        });
        await().until(() -> taken.stream().anyMatch(seen -> held.equals(((Sample) seen).value())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
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
                "NodeId|i=85|is of type NodeId, which cannot be written"
            })
    void aValueThatTheNodeCannotHoldIsNotSent(String type, String text, String message) throws Exception {
        PointWriter writer = route(SERVER.url(), "A" + type);
        Value before = writer.read(List.of(0)).get(0).value();
        assertThatThrownBy(() -> writer.write(0, value(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(writer.read(List.of(0)).get(0).value()).isEqualTo(before);
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
            PointWriter writer = route(NodeOpcuaServer.url(network.port()), "AInt32");
            network.swallow();
            assertThatThrownBy(() -> writer.write(0, new Value.Whole(2)))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching(
                            "timeout: no answer within 2000 ms|connection: .*|0x80AE0000 Bad_ConnectionClosed");
        }
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
        return table(
                url,
                "["
                        + String.join(
                                ",",
                                List.of(nodes).stream()
                                        .map(node -> "{\"name\":\"%1$s\",\"node\":\"nsu=urn:streamforge:peer;s=%1$s\"}"
                                                .formatted(node))
                                        .toList())
                        + "]");
    }

    private PointWriter table(String url, String points) throws Exception {
        context.getRegistry().bind("points", new ObjectMapper().readTree(points));
        context.addRoutes(new RouteBuilder() {
            @Override
            @SuppressWarnings("unchecked")
            public void configure() {
                from("opcua:" + url
                                + "?points=#bean:points&security=none&publishingIntervalMs=50&samplingIntervalMs=0&timeoutMs=2000&reconnectMaxDelayMs=500")
                        .routeId("under-test")
                        .process(exchange -> taken.addAll(exchange.getMessage().getBody(List.class)));
            }
        });
        await().until(() -> !taken.isEmpty());
        return PointWriter.of(
                        Objects.requireNonNull(context.getRoute("under-test")).getConsumer())
                .orElseThrow();
    }

    private SourceHealth health() {
        return (SourceHealth) context.getRoute("under-test").getConsumer();
    }
}
