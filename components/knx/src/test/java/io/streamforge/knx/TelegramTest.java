package io.streamforge.knx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.knx.Telegram.Message;
import io.streamforge.knx.Telegram.Service;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of KNX Standard 03_06_03 EMI and IMI (L_Data of cEMI) as knxd 0.14.54 sends them. */
class TelegramTest {

    private static final GroupAddress GROUP = GroupAddress.parse("1/2/3");

    @ParameterizedTest
    @CsvSource({
        "2900bcd000040a03010081, INDICATION, WRITE, 01",
        "2900bcd000030a030300800cb5, INDICATION, WRITE, 0c b5",
        "2900bcd000030a030300400cb5, INDICATION, RESPONSE, 0c b5",
        "2900bcd000030a03010000, INDICATION, READ, 00",
        "2e00bce000000a03010081, CONFIRMED, WRITE, 01",
        "2e00bde000000a03010081, REFUSED, WRITE, 01",
        // with additional information in front, as interfaces with a clock send it
        "290603041234567abcd000040a03010081, INDICATION, WRITE, 01",
    })
    void readsWhatATunnelCarries(String cemi, Message message, Service service, String payload) {
        Telegram telegram = Objects.requireNonNull(decode(cemi));

        assertThat(telegram.message()).isEqualTo(message);
        assertThat(telegram.service()).isEqualTo(service);
        assertThat(telegram.group()).isEqualTo(GROUP);
        assertThat(telegram.payload()).hasToString(payload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // to a device, to everybody, another service, a message of the bus monitor, an acknowledgement of the
                // transport layer
                "2900bc5000040a03010081",
                "2900bcd000040000010081",
                "2900bcd000040a030100c0",
                "2b00bcd000040a03010081",
                "2900bc6000040a030080",
            })
    void leavesAloneWhatIsNoGroupsValue(String cemi) {
        assertThat(decode(cemi)).isNull();
    }

    @Test
    void writesUpToSixBitsIntoTheServicesByte() {
        assertThat(HexFormat.of()
                        .formatHex(Telegram.write(GROUP, Payload.ofBits(1)).encode()))
                .isEqualTo("1100bce000000a03010081");
    }

    @Test
    void writesBytesBehindTheService() {
        assertThat(HexFormat.of()
                        .formatHex(Telegram.write(GROUP, Payload.ofBytes((byte) 0x0C, (byte) 0xB5))
                                .encode()))
                .isEqualTo("1100bce000000a030300800cb5");
    }

    @Test
    void asks() {
        assertThat(HexFormat.of().formatHex(Telegram.read(GROUP).encode())).isEqualTo("1100bce000000a03010000");
    }

    @Test
    void saysThatATelegramEndsTooEarly() {
        assertThatThrownBy(() -> decode("2900bcd000030a030300800c")).isInstanceOf(BufferUnderflowException.class);
    }

    @Test
    void standsAnyBytes() {
        Random random = new Random(5);
        byte[] like = HexFormat.of().parseHex("2900bcd000030a030300800cb5");
        int telegrams = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = like.clone();
            for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                telegrams +=
                        Telegram.decode(ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length) + 1)) == null ? 0 : 1;
            } catch (BufferUnderflowException e) {
                // It ends too early, and this says so.
            }
        }
        assertThat(telegrams).isPositive();
    }

    private static @Nullable Telegram decode(String cemi) {
        return Telegram.decode(ByteBuffer.wrap(HexFormat.of().parseHex(cemi)));
    }
}
