package io.streamforge.routes.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {

    private final Path folder;

    DurableFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void isReadableByItsOwnerOnly() throws Exception {
        DurableFile file = new DurableFile(folder.resolve("new"), "a.json");

        file.write(new byte[] {1, 2});

        assertThat(file.read())
                .hasValueSatisfying(content -> assertThat(content).containsExactly(1, 2));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("new/a.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void keepsTheOldContentIfTheNewCannotBeWritten() throws Exception {
        DurableFile file = new DurableFile(folder, "a.json");
        file.write(new byte[] {1});
        Files.createDirectories(folder.resolve("a.json.new/blocked"));

        assertThatThrownBy(() -> file.write(new byte[] {2})).isInstanceOf(IOException.class);

        assertThat(file.read())
                .hasValueSatisfying(content -> assertThat(content).containsExactly(1));
    }
}
