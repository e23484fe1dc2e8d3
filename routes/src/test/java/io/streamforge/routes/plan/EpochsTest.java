package io.streamforge.routes.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochsTest {

    private final Path data;

    EpochsTest(@TempDir Path data) {
        this.data = data;
    }

    @Test
    void risesForEachAdapterByItselfAndOverRestarts() throws Exception {
        assertThat(new Epochs(data).next("press-07")).isEqualTo(1);
        assertThat(new Epochs(data).next("press-07")).isEqualTo(2);
        assertThat(new Epochs(data).next("boiler")).isEqualTo(1);
        assertThat(new Epochs(data).next("press-07")).isEqualTo(3);
    }

    @Test
    void givesNoNumberThatItCannotKeep() throws Exception {
        Epochs epochs = new Epochs(data);
        epochs.next("press-07");
        Files.createDirectories(data.resolve("epochs.json.new/blocked"));

        assertThatThrownBy(() -> epochs.next("press-07"))
                .hasMessageStartingWith("Adapter 'press-07' cannot start: its start number cannot be written to");
    }

    @Test
    void refusesADamagedFileRatherThanBeginningAnew() throws Exception {
        Files.writeString(data.resolve("epochs.json"), "{\"press-07\":");

        assertThatThrownBy(() -> new Epochs(data).next("press-07")).hasMessageContaining("repair the file");
    }
}
