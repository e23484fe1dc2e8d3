package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.Browser;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.Browser.Page;
import io.streamforge.plc.peers.BacnetDevice;
import java.io.IOException;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against npm's @bacnet-js/client. */
class BacnetBrowserIT {

    private final Browser browser = ServiceLoader.load(Browser.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.connector().equals("bacnet-source"))
            .findFirst()
            .orElseThrow();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void objectsAreListedByTheirNames(boolean simple) throws Exception {
        try (BacnetDevice peer = simple ? BacnetDevice.simple() : BacnetDevice.start(0)) {
            peer.set("8:77", 77, 7, "\"AHU 1\"")
                    .set("0:1", 77, 7, "\"Zone/Wärme\"")
                    .set("0:1", 85, 4, "21.5")
                    .set("5:7", 77, 7, "\"Fan\"")
                    .set("5:7", 85, 9, "1")
                    .set("56:3", 85, 2, "7")
                    .set("40:1", 85, 7, "\"ON\"");
            Page page = browser.browse(properties(peer), null, 0, 4);
            assertThat(page.nodes())
                    .containsExactly(
                            new Node("/device:77", "AHU 1", false, "PROPERTY 32 UNKNOWN_PROPERTY", null),
                            new Node(
                                    "/analog-input:1",
                                    "Zone/Wärme",
                                    false,
                                    "REAL",
                                    row("{'name':'Zone_Wärme','address':'analog-input:1'}")),
                            new Node(
                                    "/binary-value:7",
                                    "Fan",
                                    false,
                                    "ENUMERATED",
                                    row("{'name':'Fan','address':'binary-value:7'}")),
                            new Node("/56:3", "56:3", false, "UNSIGNED", row("{'name':'56:3','address':'56:3'}")));
            assertThat(page.more()).isTrue();
            Page last = browser.browse(properties(peer), "/", 4, 4);
            assertThat(last.nodes()).extracting(Node::detail).containsExactly("CHARACTER STRING");
            assertThat(last.more()).isFalse();
            assertThat(PointTable.parse(
                            Vectors.JSON
                                    .createArrayNode()
                                    .add(page.nodes().get(1).point())
                                    .add(page.nodes().get(3).point())
                                    .add(last.nodes().get(0).point()),
                            Driver.BACNET))
                    .hasSize(3);
        }
    }

    @Test
    void aListTooLongForAnAnswerIsReadByItsIndexes() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0)) {
            for (int i = 0; i < 201; i++) {
                peer.set("2:" + i, 77, 7, "\"V%d\"".formatted(i));
            }
            Page page = browser.browse(properties(peer), null, 190, 10);
            assertThat(page.nodes()).extracting(Node::name).startsWith("V190").endsWith("V199");
            assertThat(page.more()).isTrue();
            assertThat(browser.browse(properties(peer), null, 200, 10))
                    .extracting(Page::more, rest -> rest.nodes().get(0).name())
                    .containsExactly(false, "V200");
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        try (BacnetDevice peer = BacnetDevice.start(0)) {
            String device = "BACnet/IP device 127.0.0.1:%d: ".formatted(peer.port());
            assertThatThrownBy(() -> browser.browse(properties(peer), "/analog-input:1", 0, 10))
                    .isInstanceOf(IOException.class)
                    .hasMessage(device + "a device has no branches; its objects are at the top.");
            peer.freeze(true);
            assertThatThrownBy(() -> browser.browse(properties(peer).put("timeoutMs", 100), null, 0, 10))
                    .hasMessage(device + "no answer within 100 ms.");
            peer.freeze(false);
        }
    }

    private static ObjectNode properties(BacnetDevice peer) {
        return Vectors.JSON.createObjectNode().put("host", "127.0.0.1").put("port", peer.port());
    }

    private static ObjectNode row(String json) throws IOException {
        return (ObjectNode) Vectors.JSON.readTree(json.replace('\'', '"'));
    }
}
