package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import io.streamforge.plc.peers.TwinCatRuntime;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A responder that was written from the specification. */
class AdsBrowserIT {

    private static final String COMMENT = ": of the test";

    private final TwinCatRuntime runtime = TwinCatRuntime.start(0);
    private final AdsBrowser browser = new AdsBrowser();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void namesAreATreeAndVariablesAreRows() throws Exception {
        runtime.variable("MAIN.nSpeed", "INT", 2, "0500")
                .variable("MAIN.aTemperatures", "ARRAY [0..3] OF REAL", 4, "00".repeat(16))
                .variable("MAIN.aMany", "ARRAY [1..1001] OF SINT", 16, "00".repeat(1001))
                .variable("MAIN.pOther", "POINTER TO INT", 65, "00".repeat(8))
                .variable("GVL.Line.bOn", "BOOL", 33, "01")
                .variable(".gOld", "DINT", 3, "00000000");

        assertThat(list(null))
                .containsExactly(
                        new Node("/.gOld", ".gOld", false, "DINT" + COMMENT, row("{'name':'.gOld','address':'.gOld'}")),
                        new Node("/GVL", "GVL", true, "", null),
                        new Node("/MAIN", "MAIN", true, "", null));
        assertThat(list("/gvl/Line"))
                .containsExactly(new Node(
                        "/GVL/Line/bOn",
                        "bOn",
                        false,
                        "BOOL" + COMMENT,
                        row("{'name':'bOn','address':'GVL.Line.bOn'}")));
        assertThat(list("/MAIN"))
                .containsExactly(
                        new Node("/MAIN/aMany", "aMany", false, "ARRAY [1..1001] OF SINT" + COMMENT, null),
                        new Node(
                                "/MAIN/aTemperatures",
                                "aTemperatures",
                                false,
                                "ARRAY [0..3] OF REAL" + COMMENT,
                                row("{'name':'aTemperatures','address':'MAIN.aTemperatures','elements':4}")),
                        new Node(
                                "/MAIN/nSpeed",
                                "nSpeed",
                                false,
                                "INT" + COMMENT,
                                row("{'name':'nSpeed','address':'MAIN.nSpeed'}")),
                        new Node("/MAIN/pOther", "pOther", false, "POINTER TO INT" + COMMENT, null));

        Page second = browser.browse(properties(), "/MAIN", 2, 1);
        assertThat(second.nodes()).extracting(Node::name).containsExactly("nSpeed");
        assertThat(second.more()).isTrue();
        assertThat(browser.browse(properties(), "/MAIN", 3, 1).more()).isFalse();
    }

    @Test
    void structuresAndArraysOfThemAreExpandedByTheirTypes() throws Exception {
        runtime.structure("ST_Axis", 6, "nPosition DINT 3 4", "eState E_State 2 2")
                .structure("FB_Motor", 20, "stAxis ST_Axis 65 6", "sName STRING(7) 30 8")
                .alias("T_Motor", "FB_Motor", 20)
                .alias("ARRAY [1..2,0..1] OF T_Motor", "T_Motor", 80, 1, 2, 0, 2)
                .variable("GVL.aMotors", "ARRAY [1..2,0..1] OF T_Motor", 65, "00".repeat(80));

        assertThat(list("/GVL"))
                .containsExactly(
                        new Node("/GVL/aMotors", "aMotors", true, "ARRAY [1..2,0..1] OF T_Motor" + COMMENT, null));
        assertThat(list("/GVL/aMotors"))
                .extracting(Node::name, Node::branch, Node::detail)
                .last()
                .hasToString("(\"[2,1]\", true, \"T_Motor\")");
        assertThat(list("/GVL/aMotors/[2,0]"))
                .containsExactly(
                        new Node("/GVL/aMotors/[2,0]/stAxis", "stAxis", true, "ST_Axis", null),
                        new Node(
                                "/GVL/aMotors/[2,0]/sName",
                                "sName",
                                false,
                                "STRING(7)",
                                row("{'name':'sName','address':'GVL.aMotors[2,0].sName'}")));
        List<Node> axis = list("/GVL/aMotors/[2,0]/stAxis");
        assertThat(axis)
                .extracting(Node::point)
                .containsExactly(
                        row("{'name':'nPosition','address':'GVL.aMotors[2,0].stAxis.nPosition'}"),
                        row("{'name':'eState','address':'GVL.aMotors[2,0].stAxis.eState'}"));
        assertThat(PointTable.parse(
                        Vectors.JSON
                                .createArrayNode()
                                .addAll(axis.stream().map(Node::point).toList()),
                        Driver.ADS))
                .hasSize(2);
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        runtime.variable("MAIN.n", "INT", 2, "0000");
        String device = "ADS device 127.0.0.1:%d: ".formatted(runtime.port());
        assertThatThrownBy(() -> list("MAIN"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'MAIN' is no path of names as /MAIN/Motor.");
        assertThatThrownBy(() -> list("/MIAN/n"))
                .isInstanceOf(IOException.class)
                .hasMessage(device + "there is no 'MIAN' where the path leads; there: MAIN.");
        assertThatThrownBy(() -> list("/MAIN/n/x"))
                .hasMessage(device + "there is no 'x' where the path leads; there: nothing.");
        assertThatThrownBy(() -> browser.browse(properties().put("targetPort", 852), null, 0, 10))
                .hasMessage(device + "the router answers 0x0006 TARGET_PORT_NOT_FOUND.");
        runtime.close();
        assertThatThrownBy(() -> list(null)).isInstanceOf(IOException.class).hasMessageStartingWith(device);
    }

    private List<Node> list(@Nullable String below) throws IOException {
        return browser.browse(properties(), below, 0, 100).nodes();
    }

    private ObjectNode properties() {
        return Vectors.JSON
                .createObjectNode()
                .put("host", "127.0.0.1")
                .put("port", runtime.port())
                .put("targetNetId", "5.23.100.7.1.1")
                .put("sourceNetId", "10.0.0.9.1.1");
    }

    private static ObjectNode row(String json) throws IOException {
        return (ObjectNode) Vectors.JSON.readTree(json.replace('\'', '"'));
    }
}
