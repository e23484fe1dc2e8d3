package io.streamforge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    private final Path temporary;

    DataFolderTest(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    @Test
    void onlyOneHasTheLock() throws Exception {
        DataFolder folder = new DataFolder(temporary);
        assertThat(folder.locked()).isFalse();
        try (var lock = folder.lock().orElseThrow()) {
            assertThat(lock.isOpen()).isTrue();
            assertThat(folder.locked()).isTrue();
            assertThat(folder.lock()).isEmpty();
        }
        assertThat(folder.locked()).isFalse();
    }

    @Test
    void keepsTheSamePasswordsWhereOnlyTheirUserCanReadThem() throws Exception {
        DataFolder folder = new DataFolder(temporary);
        Secrets first = Secrets.keptIn(folder);
        assertThat(Secrets.keptIn(folder).admin()).isEqualTo(first.admin()).hasSize(20);
        assertThat(List.of(first.admin(), first.postgres(), first.controlPlane(), first.plant()))
                .doesNotHaveDuplicates();
        assertThat(first.toString()).doesNotContain(first.admin());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.of("secrets.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void cleanForgetsDataAndKeepsTheBuild() throws Exception {
        DataFolder folder = new DataFolder(temporary);
        Secrets.keptIn(folder);
        Files.createDirectories(folder.of("broker/log"));
        Files.createDirectories(folder.of("build"));
        folder.clean();
        assertThat(folder.of("secrets.json")).doesNotExist();
        assertThat(folder.of("broker")).doesNotExist();
        assertThat(folder.of("build")).exists();
    }

    @Test
    void tellsAProcessFromALaterOneWithItsNumber() {
        DemoState.Started self = DemoState.Started.of(ProcessHandle.current());
        DemoState state = new DemoState(
                self,
                "http://127.0.0.1:1",
                true,
                new DemoState.Stream("127.0.0.1:19092", "http://127.0.0.1:18081"),
                List.of(new DemoState.Part("broker", self, 19092, null, 2)));
        DataFolder folder = new DataFolder(temporary);
        state.write(folder);
        assertThat(DemoState.read(folder)).contains(state);
        assertThat(self.process()).isPresent();
        assertThat(new DemoState.Started(self.pid(), Instant.EPOCH).process()).isEmpty();
    }
}
