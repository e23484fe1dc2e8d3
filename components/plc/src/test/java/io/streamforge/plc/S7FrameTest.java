package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class S7FrameTest {

    /** As snap7 answers a request for a byte of DB1, a word of a block that does not exist, and a word of DB1. */
    private static final String ANSWER =
            "0300002302f080" + "320300000001" + "0002000e0000" + "0403" + "ff0400083a00" + "05000004" + "ff0400101234";

    @Test
    void anItemThatIsAnErrorHasNoLength() {
        byte[] frame = HexFormat.of().parseHex(ANSWER);
        S7Frame.clearLengthsOfErrors(frame);
        assertThat(HexFormat.of().formatHex(frame)).isEqualTo(ANSWER.replace("05000004", "05000000"));
    }

    @Test
    void leavesAloneWhatIsNoAnswerToARead() {
        for (String other :
                new String[] {ANSWER.replace("320300", "320100"), ANSWER.replace("0403ff", "0503ff"), "0300", ""}) {
            byte[] frame = HexFormat.of().parseHex(other);
            S7Frame.clearLengthsOfErrors(frame);
            assertThat(HexFormat.of().formatHex(frame)).isEqualTo(other);
        }
    }

    @Test
    void noFrameIsTooMalformed() {
        Random random = new Random(3);
        byte[] whole = HexFormat.of().parseHex(ANSWER);
        for (int i = 0; i < 10_000; i++) {
            byte[] frame = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int flips = random.nextInt(6); flips > 0 && frame.length > 0; flips--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            S7Frame.clearLengthsOfErrors(frame);
        }
    }
}
