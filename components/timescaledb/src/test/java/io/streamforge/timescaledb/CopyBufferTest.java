package io.streamforge.timescaledb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CopyBufferTest {

    /** By "PostgreSQL 18, COPY, Binary Format": signature, flags, extension, one row of six fields, trailer. */
    @Test
    void writesTheBytesOfTheBinaryFormat() {
        CopyBuffer buffer = new CopyBuffer();
        buffer.clear();
        buffer.startRow(6);
        buffer.text("a\u00e9");
        buffer.real(24.1);
        buffer.flag(true);
        buffer.time(Instant.parse("2000-01-01T00:00:00.000001Z"));
        buffer.bigint(-2);
        buffer.text(null);

        assertThat(HexFormat.of().formatHex(buffer.toBytes()))
                .isEqualTo(String.join(
                        "",
                        "5047434f50590aff0d0a00" + "00000000" + "00000000",
                        "0006",
                        "00000003" + "61c3a9",
                        "00000008" + "403819999999999a",
                        "00000001" + "01",
                        "00000008" + "0000000000000001",
                        "00000008" + "fffffffffffffffe",
                        "ffffffff",
                        "ffff"));
        assertThat(buffer.rows()).isEqualTo(1);
    }

    @Test
    void writesAVisibleSignWhereATextHasANull() {
        CopyBuffer buffer = new CopyBuffer();
        buffer.clear();
        buffer.text("a\0b");

        assertThat(HexFormat.of().formatHex(buffer.toBytes())).endsWith("00000005" + "61e2908062" + "ffff");
    }
}
