package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import io.streamforge.plc.peers.LogixController;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A responder that was written from the specification. */
class EipBrowserIT {

    private final LogixController controller = LogixController.start(0);
    private final EipBrowser browser = new EipBrowser();

    @AfterEach
    void close() {
        controller.close();
    }

    @Test
    void tagsOfTheControllerAndOfProgramsAreRows() throws Exception {
        controller
                .list("", "Program:Main", 0x1068)
                .list("", "Speed", 0x00C4)
                .list("", "__Hidden", 0x00C4)
                .list("", "System", 0x10C4)
                .list("", "Routine:Other", 0x006D)
                .list("", "Counts", 0x40C3, 4, 3)
                .list("", "Many", 0x20C4, 1001)
                .list("", "Text", 0x8FCE)
                .list("", "Running", 0x00C1)
                .list("Program:Main", "Fragile", 0x00CA);
        assertThat(list(null))
                .containsExactly(
                        new Node(
                                "/Counts",
                                "Counts",
                                false,
                                "INT[4, 3]",
                                row("{'name':'Counts','address':'Counts','elements':12}")),
                        new Node("/Many", "Many", false, "DINT[1001]", null),
                        new Node("/Program:Main", "Program:Main", true, "program", null),
                        new Node("/Running", "Running", false, "BOOL", row("{'name':'Running','address':'Running'}")),
                        new Node("/Speed", "Speed", false, "DINT", row("{'name':'Speed','address':'Speed'}")),
                        new Node("/Text", "Text", false, "STRING", row("{'name':'Text','address':'Text'}")));
        assertThat(list("/Program:Main"))
                .containsExactly(new Node(
                        "/Program:Main/Fragile",
                        "Fragile",
                        false,
                        "REAL",
                        row("{'name':'Fragile','address':'Program:Main.Fragile'}")));
    }

    @Test
    void aListLongerThanAnAnswerIsAskedForInParts() throws Exception {
        IntStream.range(0, 300).forEach(i -> controller.list("", "Tag_%03d".formatted(i), 0x00C4));
        Page page = browser.browse(properties(), null, 298, 1);
        assertThat(page.nodes()).extracting(Node::name).containsExactly("Tag_298");
        assertThat(page.more()).isTrue();
        assertThat(list(null)).hasSize(300);
        // The session is no such message; 500 bytes hold 18 tags of 27.
        assertThat(controller.messages()).isEqualTo(2 * 17);
    }

    @Test
    void structuresAreExpandedByTheirTemplates() throws Exception {
        controller
                .list("", "Motors", 0x8123 | 0x2000, 2)
                .template(0x123, "Motor", "0 00C4 ZZZZZZZZZZMotor0", "3 00C1 Running", "0 8124 Axis", "5 20CA Trend")
                .template(0x124, "Axis", "0 00C4 " + "P".repeat(600), "0 00C3 Position");
        assertThat(list(null)).containsExactly(new Node("/Motors", "Motors", true, "structure 0x0123[2]", null));
        assertThat(list("/Motors")).extracting(Node::id).containsExactly("/Motors/[0]", "/Motors/[1]");
        List<Node> motor = list("/Motors/[1]");
        assertThat(motor)
                .containsExactly(
                        new Node(
                                "/Motors/[1]/Running",
                                "Running",
                                false,
                                "BOOL",
                                row("{'name':'Running','address':'Motors[1].Running'}")),
                        new Node("/Motors/[1]/Axis", "Axis", true, "structure 0x0124", null),
                        new Node(
                                "/Motors/[1]/Trend",
                                "Trend",
                                false,
                                "REAL[5]",
                                row("{'name':'Trend','address':'Motors[1].Trend','elements':5}")));
        assertThat(PointTable.parse(
                        Vectors.JSON
                                .createArrayNode()
                                .add(motor.get(0).point())
                                .add(motor.get(2).point()),
                        Driver.EIP))
                .hasSize(2);
        // Its definition is longer than an answer.
        assertThat(list("/Motors/[1]/Axis")).extracting(Node::name).endsWith("Position");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        controller.list("", "Odd", 0x8125);
        String device = "EtherNet/IP device 127.0.0.1:%d: ".formatted(controller.port());
        assertThatThrownBy(() -> list("/Odd"))
                .isInstanceOf(IOException.class)
                .hasMessage(device + "the controller answers 0x05 PATH_DESTINATION_UNKNOWN.");
        assertThatThrownBy(() -> list("/Program:Main"))
                .hasMessage(device + "there is no 'Program:Main' where the path leads; there: Odd.");
        assertThatThrownBy(() -> browser.browse(properties().put("route", "1,5"), null, 0, 10))
                .hasMessageStartingWith(device + "the route does not lead to a controller: ");
    }

    private List<Node> list(@Nullable String below) throws IOException {
        return browser.browse(properties(), below, 0, 1000).nodes();
    }

    private ObjectNode properties() {
        return Vectors.JSON.createObjectNode().put("host", "127.0.0.1").put("port", controller.port());
    }

    private static ObjectNode row(String json) throws IOException {
        return (ObjectNode) Vectors.JSON.readTree(json.replace('\'', '"'));
    }
}
