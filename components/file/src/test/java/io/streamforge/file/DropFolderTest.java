package io.streamforge.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser.Feature;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.PayloadMapping;
import io.streamforge.adapter.testing.NoPositions;
import io.streamforge.model.Loss;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.SourcePositions;
import io.streamforge.model.UnavailableException;
import io.streamforge.model.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropFolderTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.000123Z");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(Feature.ALLOW_SINGLE_QUOTES).build();
    private static final String WIDE =
            "[{'name':'temperature','path':'$.temperature','time':'$.at','type':'real','unit':'Cel'},{'name':'count','path':'$.count','time':'$.at'}]";

    private final Path folder;
    private final List<DropFolder> open = new ArrayList<>();

    DropFolderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        open.forEach(DropFolder::close);
    }

    @Test
    void theRowsOfATableBecomeReadings() throws IOException {
        Files.writeString(
                folder.resolve("press.csv"),
                "\uFEFFat;temperature;count;unused\n2026-11-20T09:00:00Z;20.5;1;x\n2026-11-20T09:00:01Z;;2;\"a;b\"\n");
        DropFolder source = folder(WIDE, 500, "semicolon");
        List<Sample> samples = take(source);
        assertThat(samples).extracting(Sample::parameter).containsExactly("temperature", "count", "count");
        assertThat(samples)
                .extracting(Sample::value)
                .containsExactly(new Value.Real(20.5), new Value.Whole(1), new Value.Whole(2));
        assertThat(samples).extracting(Sample::gatewayTime).containsOnly(NOW);
        assertThat(samples.get(2).deviceTime()).isEqualTo(Instant.parse("2026-11-20T09:00:01Z"));
        assertThat(take(source)).isEmpty();
        assertThat(files()).containsExactly("press.csv.done");
        assertThat(source.fault()).isEmpty();
    }

    @Test
    void longTablesAndJsonNameTheirSignalsThemselves() throws IOException {
        write("a.csv", "asset,parameter,value\nm-1,speed,1480\n", 1);
        write("b.json", "[{\"asset\":\"m-2\",\"parameter\":\"on\",\"value\":true}]", 2);
        write(
                "c.jsonl",
                "{\"asset\":\"m-3\",\"parameter\":\"t\",\"value\":1.5}\n{\"asset\":\"m-3\",\"parameter\":\"t\",\"value\":2.5}\n",
                3);
        DropFolder source = folder("[{'name':'{$.parameter}','asset':'{$.asset}','path':'$.value'}]", 500, "comma");
        assertThat(take(source)).extracting(Sample::asset).containsExactly("m-1");
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Flag(true));
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Real(1.5), new Value.Real(2.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd"})
    void parquetOfAnotherWriterIsRead(String codec) throws IOException {
        dropParquet(codec);
        DropFolder source = folder(
                "[{'name':'temperature','path':'$.temperature','time':'$.at','asset':'{$.asset}'},{'name':'count','path':'$.count'},"
                        + "{'name':'speed','path':'$.speed'},{'name':'state','path':'$.state'},{'name':'ok','path':'$.ok'}]",
                500,
                "comma");
        List<Sample> samples = take(source);
        assertThat(samples)
                .extracting(Sample::value)
                .containsExactly(
                        new Value.Real(20.5),
                        new Value.Whole(1),
                        new Value.Real(1.5),
                        new Value.Text("on"),
                        new Value.Flag(true),
                        new Value.Whole(2),
                        new Value.Real(2.5),
                        new Value.Text("off"),
                        new Value.Flag(false),
                        new Value.Whole(3),
                        new Value.Real(3.5));
        assertThat(samples.get(0).deviceTime()).isEqualTo(Instant.parse("2026-11-20T10:00:00.000250Z"));
        assertThat(samples.get(0).asset()).isEqualTo("m-1");
    }

    @Test
    void parquetWithAnotherCompressionIsSetAside() throws IOException {
        dropParquet("gzip");
        assertThat(take(folder(WIDE, 500, "comma"))).isEmpty();
        assertThat(json(Files.readString(folder.resolve("p.parquet.rejected")))
                        .get("reason")
                        .asText())
                .isEqualTo("Parquet compressed with [GZIP] cannot be read, only [UNCOMPRESSED, SNAPPY, ZSTD]");
    }

    @Test
    void rowsThatCannotBeTakenAreSetAsideWithTheReason() throws IOException {
        write(
                "a.csv",
                "at,temperature,count\nyesterday,1,1\n1763632800000,warm,1\n1763632800000,1\n,,\n1763632800000,2,2\n",
                1);
        DropFolder source = folder(WIDE, 500, "comma");
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Real(2), new Value.Whole(2));
        assertThat(files()).containsExactly("a.csv.done", "a.csv.rejected");
        List<JsonNode> rejected = Files.readAllLines(folder.resolve("a.csv.rejected")).stream()
                .map(DropFolderTest::json)
                .toList();
        assertThat(rejected).extracting(line -> line.get("row").asInt()).containsExactly(1, 2, 3, 4);
        assertThat(rejected)
                .extracting(line -> line.get("reason").asText())
                .containsExactly(
                        "temperature time: must be ISO 8601 with a zone, for instance 2026-11-20T08:15:00.250Z, or a number in ms, got 'yesterday'",
                        "temperature value: must be a number, got 'warm'",
                        "a line must have 3 columns, got 2",
                        "no value is in it");
        assertThat(rejected.get(2).get("content").asText()).isEqualTo("1763632800000,1");
        assertThat(source.counters().errors()).containsEntry("row", 4L);
        assertThat(source.state().losses().all()).isEqualTo(Map.of(Loss.ROW_REJECTED, 4L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "a.parquet", "b.jsonl"})
    void aFileThatIsNotWhatItSaysIsSetAside(String name) throws IOException {
        write(name, "\"at\",\"x\n{[", 1);
        DropFolder source = folder(WIDE, 500, "comma");
        assertThat(take(source)).isEmpty();
        assertThat(files()).containsExactly(name + ".done", name + ".rejected");
        assertThat(source.fault()).isEmpty();
    }

    @Test
    void textInAnotherEncodingIsSetAside() throws IOException {
        Files.write(folder.resolve("a.csv"), new byte[] {'c', 'o', 'u', 'n', 't', '\n', '1', '\n', (byte) 0xE4, '\n'});
        take(folder("[{'name':'count','path':'$.count'}]", 10, "comma"));
        assertThat(json(Files.readString(folder.resolve("a.csv.rejected")))
                        .get("reason")
                        .asText())
                .isEqualTo("not UTF-8");
    }

    @Test
    void largeFilesGoInPiecesAndAPieceThatWasNotConfirmedGoesAgainAsItIs() throws IOException {
        write(
                "a.csv",
                "count\n" + IntStream.range(0, 25).mapToObj(i -> i + "\n").reduce("", String::concat),
                1);
        DropFolder source = folder("[{'name':'count','path':'$.count'}]", 10, "comma");
        List<Observation> first = source.poll();
        assertThat(first).hasSize(10);
        assertThat(source.poll()).isSameAs(first);
        source.close();
        assertThat(source.opened().poll()).isSameAs(first);
        source.confirm();
        assertThat(take(source)).hasSize(10);
        assertThat(take(source)).extracting(Sample::value).first().isEqualTo(new Value.Whole(20));
        assertThat(files()).containsExactly("a.csv.done");
    }

    @Test
    void afterACrashItGoesOnBehindTheLastConfirmedPieceAndCutsWhatItHadSetAside() throws IOException {
        write("a.csv", "count\n0\nx\n2\nx\n4\nx\n6\n", 1);
        String table = "[{'name':'count','path':'$.count','type':'integer'}]";
        DropFolder crashed = folder(table, 2, "comma");
        assertThat(take(crashed)).hasSize(1);
        assertThat(crashed.poll()).hasSize(1);
        crashed.close();

        DropFolder source = folder(table, 2, "comma");
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Whole(2));
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Whole(4));
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Whole(6));
        assertThat(take(source)).isEmpty();
        assertThat(Files.readAllLines(folder.resolve("a.csv.rejected"))).hasSize(3);
    }

    @Test
    void afterACrashItGoesOnBehindWhatTheStreamHasAlthoughItsJournalDoesNotSaySo() throws IOException {
        write("a.csv", "count\n0\n1\nx\n3\n4\n", 1);
        String table = "[{'name':'count','path':'$.count','type':'integer'}]";
        DropFolder crashed = folder(table, 2, "comma");
        assertThat(take(crashed)).hasSize(2);
        assertThat(crashed.poll()).hasSize(1);
        Kept stream = new Kept(position(crashed));
        crashed.close();

        DropFolder source = folder(table, 2, "comma", 0, stream);
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Whole(4));
        assertThat(take(source)).isEmpty();
        assertThat(files()).containsExactly("a.csv.done", "a.csv.rejected");
        assertThat(Files.readAllLines(folder.resolve("a.csv.rejected"))).hasSize(1);
    }

    @Test
    void aFileWhoseLastRowsTheStreamHasIsOnlyRenamed() throws IOException {
        write("a.csv", "count\n0\n1\n", 1);
        String table = "[{'name':'count','path':'$.count'}]";
        DropFolder crashed = folder(table, 10, "comma");
        assertThat(crashed.poll()).hasSize(2);
        Kept stream = new Kept(position(crashed));
        crashed.close();
        assertThat(take(folder(table, 10, "comma", 0, stream))).isEmpty();
        assertThat(files()).containsExactly("a.csv.done");
    }

    @Test
    void whatTheStreamSaysOfAnOlderExchangeOrOfAnotherJournalCountsForNothing() throws IOException {
        write("a.csv", "count\n0\n1\n2\n", 1);
        String table = "[{'name':'count','path':'$.count'}]";
        DropFolder crashed = folder(table, 1, "comma");
        take(crashed);
        Kept stream = new Kept(position(crashed));
        take(crashed);
        crashed.close();
        DropFolder source = folder(table, 1, "comma", 0, stream);
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Whole(2));
        source.close();
        Files.delete(folder.resolve(".streamforge-journal"));
        assertThat(take(folder(table, 1, "comma", 0, stream)))
                .extracting(Sample::value)
                .containsExactly(new Value.Whole(0));
    }

    @Test
    void nothingIsReadUntilTheStreamSaysWhatItHas() throws IOException {
        write("a.csv", "count\n0\n", 1);
        Kept stream = new Kept(null);
        stream.silent = true;
        DropFolder source = folder("[{'name':'count','path':'$.count'}]", 1, "comma", 0, stream);
        assertThat(take(source)).isEmpty();
        assertThat(source.fault()).contains("folder: the stream does not say what it has: no broker");
        stream.silent = false;
        assertThat(take(source)).hasSize(1);
        assertThat(source.fault()).isEmpty();
    }

    @Test
    void aLineOfTheJournalThatWasCutCountsForNothing() throws IOException {
        write("a.csv", "count\n0\n1\n", 1);
        String table = "[{'name':'count','path':'$.count'}]";
        DropFolder crashed = folder(table, 1, "comma");
        assertThat(take(crashed)).hasSize(1);
        crashed.close();
        Path journal = folder.resolve(".streamforge-journal");
        Files.writeString(journal, "TAKEN 00ff 2", StandardOpenOption.APPEND);
        DropFolder source = folder(table, 1, "comma");
        assertThat(take(source)).extracting(Sample::value).containsExactly(new Value.Whole(1));
    }

    @Test
    void aFileThatComesAgainIsNotTakenAgainUnlessItIsAnother() throws IOException {
        String table = "[{'name':'count','path':'$.count'}]";
        DropFolder source = folder(table, 10, "comma");
        write("a.csv", "count\n1\n", 1);
        assertThat(take(source)).hasSize(1);
        assertThat(take(source)).isEmpty();
        write("a.csv", "count\n1\n", 2);
        assertThat(take(source)).isEmpty();
        write("a.csv", "count\n2\n", 3);
        assertThat(take(source)).hasSize(1);
        assertThat(take(source)).isEmpty();
        assertThat(files()).containsExactly("a.csv.2.done", "a.csv.done", "a.csv.duplicate");
        assertThat(source.counters().errors()).containsEntry("duplicate", 1L);
    }

    @Test
    void aFileIsReadWhenItHasSettled() throws IOException {
        write("a.part", "count\n1\n", 1);
        DropFolder source = folder("[{'name':'count','path':'$.count'}]", 10, "comma", 300);
        assertThat(take(source)).isEmpty();
        Path file = Files.move(folder.resolve("a.part"), folder.resolve("a.csv"));
        assertThat(take(source)).isEmpty();
        Files.writeString(file, "2\n", StandardOpenOption.APPEND);
        List<Sample> taken = new ArrayList<>();
        Awaitility.await().until(() -> taken.addAll(take(source)));
        assertThat(taken).hasSize(2);
    }

    @Test
    void whatIsWrittenToAFileWhileItIsReadIsLeftOutAndSaid() throws IOException {
        write("a.csv", "count\n1\n2\n", 1);
        DropFolder source = folder("[{'name':'count','path':'$.count'}]", 1, "comma");
        assertThat(take(source)).hasSize(1);
        Files.setLastModifiedTime(folder.resolve("a.csv"), FileTime.from(NOW));
        assertThat(take(source)).hasSize(1);
        assertThat(take(source)).isEmpty();
        assertThat(files()).containsExactly("a.csv.changed");
        assertThat(source.counters().errors()).containsEntry("changed", 1L);
        assertThat(source.state().losses().all()).isEqualTo(Map.of(Loss.FILE_CHANGED, 1L));
    }

    @Test
    void twoAdaptersCannotHaveOneFolder() throws IOException {
        DropFolder first = folder(WIDE, 10, "comma");
        take(first);
        DropFolder second = folder(WIDE, 10, "comma");
        assertThat(take(second)).isEmpty();
        assertThat(second.fault()).contains("folder: '%s' is read by another adapter".formatted(folder));
        first.close();
        take(second);
        assertThat(second.fault()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsAFault() throws IOException {
        Path missing = folder.resolve("later");
        DropFolder source = new DropFolder(
                FolderConfig.of(missing.toString(), 100, 0, 10, "comma", "ms"),
                PayloadMapping.of("File points", json(WIDE), Set.of(), EpochUnit.MS),
                "in",
                new NoPositions(),
                Clock.systemUTC());
        open.add(source);
        assertThat(source.poll()).isEmpty();
        assertThat(source.fault()).contains("folder: '%s' does not exist".formatted(missing));
        Files.createDirectory(missing);
        source.poll();
        assertThat(source.fault()).isEmpty();
    }

    @Test
    void everythingWrongWithTheConfigurationIsNamed() {
        assertThatThrownBy(() -> FolderConfig.of("in", 1, -1, 0, "pipe", "h"))
                .hasMessage(
                        "Drop folder 'in': folder must be an absolute path, got 'in'; pollIntervalMs must be at least 100, got 1;"
                                + " settleMs must be at least 0, got -1; rowsPerExchange must be at least 1, got 0;"
                                + " delimiter must be one of comma, semicolon, tab, got 'pipe'; epochUnit must be one of s, ms, us, ns, got 'h'.");
    }

    private void write(String name, String text, int second) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000L));
    }

    private static List<Sample> take(DropFolder source) {
        List<Sample> samples = Observation.samples(source.poll());
        if (!samples.isEmpty()) {
            source.confirm();
        }
        return samples;
    }

    private static String position(DropFolder source) {
        return Objects.requireNonNull(source.position()).text();
    }

    /** A stream that has kept one position, or does not answer. */
    private static final class Kept implements SourcePositions {
        private final @Nullable String last;
        private boolean silent;

        private Kept(@Nullable String last) {
            this.last = last;
        }

        @Override
        public @Nullable String last(String source) {
            if (silent) {
                throw new UnavailableException("the stream does not say what it has: no broker", null);
            }
            return last;
        }

        @Override
        public void release(String source) {
            // Nothing is open.
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private DropFolder folder(String table, int rowsPerExchange, String delimiter) {
        return folder(table, rowsPerExchange, delimiter, 0);
    }

    private DropFolder folder(String table, int rowsPerExchange, String delimiter, long settleMs) {
        return folder(table, rowsPerExchange, delimiter, settleMs, new NoPositions());
    }

    private DropFolder folder(
            String table, int rowsPerExchange, String delimiter, long settleMs, SourcePositions positions) {
        FolderConfig config = FolderConfig.of(folder.toString(), 100, settleMs, rowsPerExchange, delimiter, "ms");
        DropFolder source = new DropFolder(
                config,
                PayloadMapping.of("File points", json(table), Set.of(), config.epochUnit()),
                "in",
                positions,
                Clock.fixed(NOW, ZoneOffset.UTC));
        open.add(source);
        return source;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A file that pyarrow wrote. */
    private void dropParquet(String codec) throws IOException {
        String written = Files.readString(Path.of("src/test/resources/pyarrow-%s.parquet.base64".formatted(codec)));
        Files.write(folder.resolve("p.parquet"), Base64.getMimeDecoder().decode(written));
    }
}
