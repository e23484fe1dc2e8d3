package io.streamforge.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonParser.Feature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.ConnectionTester.Outcome;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropFolderTesterTest {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(Feature.ALLOW_SINGLE_QUOTES).build();

    private final Path folder;

    DropFolderTesterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theOldestFilesFirstRowsAreShownAndStayWhereTheyAre() throws IOException {
        file("new.csv", "at;temperature\n", Instant.parse("2026-11-20T10:00:00Z"));
        file(
                "old.csv",
                "at;temperature;count\n2026-11-20T09:00:00Z;20.5;\n2026-11-20T09:00:01Z;20.75;7\n",
                Instant.parse("2026-11-20T09:00:00Z"));
        Outcome outcome = test(folder, "semicolon");
        assertThat(outcome.fault()).isEmpty();
        assertThat(outcome.samples())
                .extracting(Sample::parameter, Sample::value, Sample::unit, Sample::quality, Sample::reason)
                .containsExactly(
                        tuple("temperature", new Value.Real(20.5), "Cel", Quality.GOOD, null),
                        tuple("count", new Value.Whole(7), "", Quality.GOOD, null));
        assertThat(outcome.samples().get(0).deviceTime()).isEqualTo(Instant.parse("2026-11-20T09:00:00Z"));
        assertThat(files()).containsExactly("new.csv", "old.csv");
    }

    @Test
    void whatWouldBeRejectedIsNamedByItsRow() throws IOException {
        file("press.csv", "at,temperature\n2026-11-20T09:00:00Z,20.5\n2026-11-20T09:00:01Z,warm\n", Instant.EPOCH);
        Outcome outcome = test(folder, "comma");
        assertThat(outcome.fault())
                .contains("Row 2 of 'press.csv' would be rejected: temperature value: must be a number, got 'warm'.");
        assertThat(outcome.samples())
                .extracting(Sample::parameter, Sample::quality, Sample::reason)
                .containsExactly(
                        tuple("temperature", Quality.GOOD, null),
                        tuple(
                                "count",
                                Quality.UNCERTAIN,
                                "value: $.count is missing; the first rows of press.csv have at, temperature"));
        assertThat(files()).containsExactly("press.csv");
    }

    @Test
    void aWrongDelimiterShowsAsTheOneColumnThatItMakes() throws IOException {
        file("press.csv", "at,temperature\n2026-11-20T09:00:00Z,20.5\n", Instant.EPOCH);
        assertThat(test(folder, "semicolon").fault())
                .contains(
                        "Row 1 of 'press.csv' would be rejected: no value is in it, the first rows of press.csv have at,temperature.");
    }

    @Test
    void aFileThatIsNotWhatItsEndingSaysIsNamed() throws IOException {
        file("press.json", "[{\"temperature\":20.5},oops", Instant.EPOCH);
        assertThat(test(folder, "comma").fault().orElseThrow())
                .startsWith("File 'press.json' cannot be read behind row 1: not JSON: ");
    }

    @Test
    void anEmptyFolderIsWellAndSaysThatNothingIsThere() throws IOException {
        Outcome outcome = test(folder, "comma");
        assertThat(outcome.fault()).isEmpty();
        assertThat(outcome.samples()).extracting(Sample::reason).containsOnly("no file is in the folder");
        assertThat(files()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereOrCannotBeWrittenToIsAFault() throws IOException {
        Path away = folder.resolve("away");
        assertThat(test(away, "comma").fault()).contains("Drop folder '%s' does not exist.".formatted(away));
        Path file = Files.writeString(away, "");
        assertThat(test(file, "comma").fault()).contains("Drop folder '%s' is no folder.".formatted(away));
        // nobody can make a file there, root neither
        assertThat(test(Path.of("/proc/self"), "comma").fault().orElseThrow()).startsWith("Drop folder '/proc/self' ");
        assertThatThrownBy(() -> test(Path.of("in"), "tabs"))
                .hasMessageContaining("folder must be an absolute path, got 'in'")
                .hasMessageContaining("delimiter must be one of");
    }

    private static Outcome test(Path folder, String delimiter) throws IOException {
        ConnectionTester tester = ServiceLoader.load(ConnectionTester.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(one -> one.connector().equals("file-source"))
                .findFirst()
                .orElseThrow();
        ObjectNode properties =
                JSON.createObjectNode().put("folder", folder.toString()).put("delimiter", delimiter);
        return tester.test(
                properties,
                JSON.readTree(
                        "[{'name':'temperature','path':'$.temperature','time':'$.at','type':'real','unit':'Cel'},{'name':'count','path':'$.count'}]"));
    }

    private void file(String name, String content, Instant modified) throws IOException {
        Files.setLastModifiedTime(Files.writeString(folder.resolve(name), content), FileTime.from(modified));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
