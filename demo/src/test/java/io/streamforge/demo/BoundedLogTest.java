package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {

    private final Path temporary;

    BoundedLogTest(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    @Test
    void keepsTheNewestAndNeverGrowsBeyondTwiceItsLimit() throws Exception {
        Path file = temporary.resolve("child.log");
        byte[] output = "0123456789".repeat(10_000).concat("the end").getBytes(StandardCharsets.UTF_8);
        new BoundedLog(file, 16_384).copy(new ByteArrayInputStream(output));
        assertThat(Files.readString(file)).endsWith("the end");
        assertThat(Files.size(file)).isLessThan(16_384 + 8_192);
        assertThat(Files.size(temporary.resolve("child.log.1"))).isLessThan(16_384 + 8_192);
    }

    @Test
    void goesOnWhereAnEarlierRunEnded() throws Exception {
        Path file = temporary.resolve("child.log");
        Files.writeString(file, "before\n");
        new BoundedLog(file, 16_384).copy(new ByteArrayInputStream("after\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(Files.readString(file)).isEqualTo("before\nafter\n");
    }

    @Test
    void stillDrainsWhenTheFileCannotBeWritten() throws Exception {
        ByteArrayInputStream output = new ByteArrayInputStream(new byte[100_000]);
        new BoundedLog(temporary.resolve("missing/child.log"), 16_384).copy(output);
        assertThat(output.available()).isZero();
    }
}
