package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamforge.backbone.TestStream.Writer;
import io.streamforge.broker.EmbeddedBroker;
import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.Decoder;
import io.streamforge.model.Receipt;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every route that reads the stream may rely on, whatever dies or fails: nothing is lost, nothing changes places, nothing comes twice. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackboneContractIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path data;

    private static EmbeddedBroker broker;
    private static TestStream stream;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(data.resolve("broker"), 0, 0, 0);
        stream = new TestStream(broker.bootstrapServers());
    }

    @AfterAll
    static void stopBroker() {
        stream.close();
        broker.close();
    }

    @ParameterizedTest(name = "exactlyOnce={0}")
    @ValueSource(booleans = {true, false})
    void survivesKillsBetweenSendAndCommit(boolean exactlyOnce) throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        // A long cycle: a kill at any time finds records sent and not committed.
        String source = source(in, exactlyOnce) + "&commitIntervalMs=700";
        try (Writer writer = stream.write(in)) {
            for (int kill = 0; kill < 4; kill++) {
                long before = stream.count(out);
                ChildProcess gateway = startGateway(source, out);
                await().atMost(PATIENCE).until(() -> stream.count(out) > before);
                gateway.kill();
            }
            try (ChildProcess gateway = startGateway(source, out)) {
                stream.assertArrived(writer, out, exactlyOnce);
            }
            if (!exactlyOnce) {
                assertThat(stream.count(out))
                        .as("a kill between send and commit shows as repetitions; without any this test proves nothing")
                        .isGreaterThan(TestStream.count(writer.acknowledged()));
            }
        }
    }

    @ParameterizedTest(name = "exactlyOnce={0}")
    @ValueSource(booleans = {true, false})
    void repeatsACycleThatFailedOnce(boolean exactlyOnce) throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        AtomicInteger before = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        try (Writer writer = stream.write(in);
                CopyGateway gateway =
                        gateway().start(source(in, exactlyOnce), everyNth(before, 7, 5), out, everyNth(after, 11, 5))) {
            await().atMost(PATIENCE).until(() -> before.get() > 60);
            stream.assertArrived(writer, out, exactlyOnce);
            await().untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
    }

    @ParameterizedTest(name = "exactlyOnce={0}")
    @ValueSource(booleans = {true, false})
    void putsPoisonRecordsAsideAndDeliversAllOthers(boolean exactlyOnce) throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        String dead = stream.topic("dead");
        Set<String> poison = Set.of("asset-0:0", "asset-3:1003", "asset-3:1023", "asset-17:9997");
        Map<String, List<String>> expected = new TreeMap<>();
        stream.write(in, 10_000)
                .acknowledged()
                .forEach((asset, values) -> expected.put(
                        asset,
                        values.stream().filter(value -> !poison.contains(value)).toList()));
        try (CopyGateway gateway = gateway()
                .start(
                        source(in, exactlyOnce) + "&poisonTopic=" + dead,
                        refusing(value -> poison.contains(value), () -> new IllegalArgumentException("bad value")),
                        out,
                        CopyGateway.NOTHING)) {
            stream.assertArrived(expected, out, exactlyOnce);
            await().atMost(PATIENCE).until(() -> stream.count(dead) == poison.size());
            await().untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
        Decoder decoder = new Decoder(registry());
        Set<String> letters = new HashSet<>();
        stream.records(dead).forEach(record -> {
            DeadLetter letter = decoder.deadLetter(record.value());
            letters.add(StandardCharsets.UTF_8.decode(letter.payload()).toString());
            assertThat(letter.reason()).contains("bad value");
            assertThat(letter.sourceTopic()).isEqualTo(in);
            assertThat(letter.stage()).isEqualTo("copy");
            assertThat(letter.attempts()).isEqualTo(3);
        });
        assertThat(letters).isEqualTo(poison);
    }

    @Test
    void takesAnOutageForNoPoison() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        String dead = stream.topic("dead");
        AtomicBoolean away = new AtomicBoolean(true);
        Writer writer = stream.write(in, 1000);
        try (CopyGateway gateway = gateway()
                .start(
                        source(in, true) + "&poisonTopic=" + dead,
                        refusing(value -> away.get(), () -> new UnavailableException("The database is away.", null)),
                        out,
                        CopyGateway.NOTHING)) {
            await().atMost(PATIENCE)
                    .until(() -> gateway.consumer().fault().orElse("").contains("The database is away."));
            away.set(false);
            stream.assertArrived(writer, out, true);
            assertThat(stream.count(dead)).isZero();
        }
    }

    @Test
    void putsNoMoreThanTenRecordsInARowAside() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        String dead = stream.topic("dead");
        AtomicBoolean broken = new AtomicBoolean(true);
        stream.write(in, 60);
        try (CopyGateway gateway = gateway()
                .start(
                        source(in, true) + "&poisonTopic=" + dead,
                        refusing(value -> broken.get(), () -> new IllegalStateException("everything is wrong")),
                        out,
                        CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> stream.count(dead) == 10);
            await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> stream.count(dead) == 10);
            assertThat(gateway.consumer().fault())
                    .hasValueSatisfying(fault -> assertThat(fault).contains("everything is wrong"));
            broken.set(false);
            await().atMost(PATIENCE).until(() -> stream.count(out) == 50);
        }
    }

    @Test
    void keepsTryingWithoutAPoisonTopic() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        AtomicBoolean broken = new AtomicBoolean(true);
        Writer writer = stream.write(in, 100);
        try (CopyGateway gateway = gateway()
                .start(
                        source(in, true),
                        refusing(value -> broken.get(), () -> new IllegalStateException("still wrong")),
                        out,
                        CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> gateway.consumer()
                    .fault()
                    .equals(java.util.Optional.of("IllegalStateException: still wrong")));
            broken.set(false);
            stream.assertArrived(writer, out, true);
            await().untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
    }

    @ParameterizedTest(name = "exactlyOnce={0}")
    @ValueSource(booleans = {true, false})
    void sharesPartitionsUnderLoad(boolean exactlyOnce) throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        AtomicInteger bySecond = new AtomicInteger();
        try (Writer writer = stream.write(in);
                CopyGateway first =
                        gateway().start(source(in, exactlyOnce), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            for (int turn = 0; turn < 2; turn++) {
                int before = bySecond.get();
                long reached = stream.count(out);
                try (CopyGateway second = new CopyGateway(broker.bootstrapServers(), "1")
                        .start(
                                source(in, exactlyOnce),
                                e -> bySecond.addAndGet(batch(e).size()),
                                out,
                                CopyGateway.NOTHING)) {
                    await().atMost(PATIENCE).until(() -> bySecond.get() > before + 2000);
                    assertThat(second.consumer().assigned()).isTrue();
                }
                await().atMost(PATIENCE).until(() -> stream.count(out) > reached + 5000);
            }
            stream.assertArrived(writer, out, exactlyOnce);
            assertThat(first.consumer().fault()).isEmpty();
        }
    }

    @ParameterizedTest(name = "exactlyOnce={0}")
    @ValueSource(booleans = {true, false})
    void recoversByItselfFromKillsOfTheBroker(boolean exactlyOnce) throws Exception {
        String[] options = {
            "--data",
            data.resolve("killed-" + exactlyOnce).toString(),
            "--port",
            freePort(),
            "--controller-port",
            freePort(),
            "--registry-port",
            freePort()
        };
        String address = "127.0.0.1:" + options[3];
        ChildProcess killed = startBroker(options);
        try (TestStream world = new TestStream(address)) {
            String in = world.topic("in");
            String out = world.topic("out");
            try (Writer writer = world.write(in);
                    CopyGateway gateway = new CopyGateway(address, "0")
                            .start(source(in, exactlyOnce), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
                for (int kill = 0; kill < 2; kill++) {
                    long before = world.count(out);
                    await().atMost(PATIENCE).until(() -> world.count(out) > before + 4000);
                    killed.kill();
                    killed = startBroker(options);
                }
                world.assertArrived(writer, out, exactlyOnce);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(gateway.consumer().fault()).isEmpty());
            }
        } finally {
            killed.close();
        }
    }

    @Test
    void recoversFromAFencedTransaction() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        try (Writer writer = stream.write(in);
                CopyGateway gateway =
                        gateway().start(source(in, true), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> stream.count(out) > 1000);
            try (Producer<byte[], byte[]> twin =
                    KafkaClients.transactionalProducer(broker.bootstrapServers(), "gw-copy-0")) {
                twin.initTransactions();
            }
            long fenced = stream.count(out);
            await().atMost(PATIENCE).until(() -> stream.count(out) > fenced + 1000);
            stream.assertArrived(writer, out, true);
            await().untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
    }

    @ParameterizedTest(name = "exactlyOnce={0}")
    @ValueSource(booleans = {true, false})
    void recoversFromAnAdministrationClientThatNoLongerAnswers(boolean exactlyOnce) throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        AtomicBoolean away = new AtomicBoolean();
        try (Writer writer = stream.write(in);
                CopyGateway gateway = gateway()
                        .start(
                                source(in, exactlyOnce),
                                exchange -> {
                                    if (away.getAndSet(false)) {
                                        throw new IOException("away");
                                    }
                                },
                                out,
                                CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> stream.count(out) > 1000);
            gateway.context()
                    .getComponent("backbone", BackboneComponent.class)
                    .clients()
                    .admin()
                    .close();
            away.set(true);
            await().atMost(PATIENCE).untilFalse(away);
            stream.assertArrived(writer, out, exactlyOnce);
            await().untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
    }

    @Test
    void namesWhatADeletedPositionWouldSkipAndReadsTheOtherPartitionsOn() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        Writer writer = stream.write(in, 1000);
        try (CopyGateway gateway = gateway().start(source(in, true), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            stream.assertArrived(writer, out, true);
        }
        TopicPartition lost = new TopicPartition(in, 2);
        stream.admin().deleteConsumerGroupOffsets(group(in), Set.of(lost)).all().get();
        stream.write(in, 1000);
        try (CopyGateway gateway = gateway().start(source(in, true), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> gateway.consumer().fault().isPresent());
            assertThat(gateway.consumer().fault()).hasValueSatisfying(fault -> assertThat(fault)
                    .contains(group(in), lost + ": its committed offset was deleted", "repeated or skipped"));
            long inLost = stream.records(in).stream()
                    .filter(record -> record.partition() == lost.partition())
                    .count();
            assertThat(inLost).isPositive();
            await().atMost(PATIENCE).until(() -> stream.count(out) == 2000 - inLost / 2);
            assertThat(gateway.consumer().fault()).isPresent();
        }

        stream.admin()
                .alterConsumerGroupOffsets(group(in), Map.of(lost, new OffsetAndMetadata(0)))
                .all()
                .get();
        try (CopyGateway gateway = gateway().start(source(in, true), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> stream.count(out) >= 2000);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
    }

    @Test
    void namesRecordsThatWereDeletedUnread() throws Exception {
        String in = stream.topic("in", 1);
        String out = stream.topic("out");
        Writer writer = stream.write(in, 100);
        try (CopyGateway gateway = gateway().start(source(in, false), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            stream.assertArrived(writer, out, true);
        }
        stream.write(in, 100);
        stream.admin()
                .deleteRecords(Map.of(new TopicPartition(in, 0), RecordsToDelete.beforeOffset(150)))
                .all()
                .get();
        try (CopyGateway gateway = gateway().start(source(in, false), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> gateway.consumer().fault().isPresent());
            assertThat(gateway.consumer().fault()).hasValueSatisfying(fault -> assertThat(fault)
                    .contains(in + "-0: offsets 100 to 149 were deleted before they were read"));
        }
        assertThat(stream.count(out)).isEqualTo(100);
    }

    @Test
    void beginsAtTheEndWhereAskedTo() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        stream.write(in, 100);
        try (CopyGateway gateway = gateway()
                .start(source(in, true) + "&startFrom=latest", CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> gateway.consumer().assigned());
            Writer later = stream.write(in, 60);
            stream.assertArrived(later, out, true);
        }
    }

    @Test
    void replaysExactlyAPartOfThePastIntoASideTopicAlsoAcrossARestart() throws Exception {
        String in = stream.topic("in", 2);
        String out = stream.topic("out", 2);
        String side = stream.topic("side", 2);
        stream.write(in, 1000);
        Map<String, List<String>> expected = new TreeMap<>();
        stream.records(in).stream()
                .filter(record -> record.offset() >= 50 && record.offset() < 100)
                .forEach(record -> expected.computeIfAbsent(
                                new String(record.key(), StandardCharsets.UTF_8), key -> new ArrayList<>())
                        .add(new String(record.value(), StandardCharsets.UTF_8)));
        List<Replay.Span> spans = ReplayRange.resolve(
                broker.bootstrapServers(), List.of(in), ReplayRange.parse("50"), ReplayRange.parse("100"));
        try (CopyGateway gateway = gateway()) {
            gateway.context().getRegistry().bind("copy.replay", new Replay("copy", spans, 10, side));
            gateway.start(source(in, true) + "&commitIntervalMs=20", CopyGateway.NOTHING, out, CopyGateway.NOTHING);
            await().atMost(PATIENCE).until(() -> progress(gateway).done() > 0);
            assertThat(progress(gateway)).satisfies(progress -> {
                assertThat(progress.finished()).isFalse();
                assertThat(progress.done()).isLessThan(100);
            });
        }
        stream.write(in, 100);
        try (CopyGateway gateway = gateway()) {
            gateway.context().getRegistry().bind("copy.replay", new Replay("copy", spans, 10_000, side));
            gateway.start(source(in, true), CopyGateway.NOTHING, out, CopyGateway.NOTHING);
            await().atMost(PATIENCE).until(() -> progress(gateway).finished());
            assertThat(progress(gateway)).isEqualTo(new Replay.Progress(100, 100, true));
        }
        stream.assertArrived(expected, side, true);
        assertThat(stream.count(out)).as("records on the live path").isZero();
        assertThat(stream.admin()
                        .listConsumerGroupOffsets(group(in))
                        .partitionsToOffsetAndMetadata()
                        .get())
                .as("the live group's positions")
                .isEmpty();
        ReplayRange.forget(broker.bootstrapServers(), "copy");
        assertThat(stream.admin()
                        .listConsumerGroupOffsets("copy")
                        .partitionsToOffsetAndMetadata()
                        .get())
                .isEmpty();
    }

    private static Replay.Progress progress(CopyGateway gateway) {
        return gateway.consumer().replayed().orElse(new Replay.Progress(0, 0, false));
    }

    @Test
    void aPartOfThePastIsNamedByTime() throws Exception {
        String in = stream.topic("in", 1);
        stream.write(in, 100);
        long written = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > written + 1);
        ReplayRange between = new ReplayRange.At(Instant.ofEpochMilli(written + 1));
        stream.write(in, 50);
        assertThat(ReplayRange.resolve(broker.bootstrapServers(), List.of(in), between, null))
                .containsExactly(new Replay.Span(in, 0, 100, 150));
        assertThat(ReplayRange.resolve(
                        broker.bootstrapServers(), List.of(in), ReplayRange.parse("2000-01-01T00:00Z"), between))
                .containsExactly(new Replay.Span(in, 0, 0, 100));
        assertThat(ReplayRange.resolve(
                        broker.bootstrapServers(), List.of(in), ReplayRange.parse("2100-01-01T00:00:00Z"), null))
                .containsExactly(new Replay.Span(in, 0, 150, 150));
    }

    @Test
    void rebuildsStateFromTheWarmOffset() throws Exception {
        String in = stream.topic("in", 2);
        String out = stream.topic("out", 2);
        Writer writer = stream.write(in, 1000);
        // Restarted at will, by a failing route and by a new gateway: the results are those of one that was never
        // interrupted.
        Window window = new Window(5);
        AtomicInteger failing = new AtomicInteger();
        try (CopyGateway gateway =
                gateway().start(source(in, true) + "&maxPollRecords=50", window, out, everyNth(failing, 4, 3))) {
            await().atMost(PATIENCE).until(() -> stream.count(out) >= 1000);
        }
        Map<TopicPartition, OffsetAndMetadata> committed = stream.admin()
                .listConsumerGroupOffsets(group(in))
                .partitionsToOffsetAndMetadata()
                .get();
        assertThat(committed).hasSize(2).allSatisfy((partition, position) -> assertThat(position.metadata())
                .isEqualTo("warm=%d;wm=%d".formatted(position.offset() - 5, position.offset())));

        writer.acknowledged();
        stream.write(in, 1000);
        Window again = new Window(5);
        try (CopyGateway gateway = gateway().start(source(in, true), again, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> stream.count(out) >= 2000);
            assertThat(gateway.consumer().warning()).isEmpty();
        }
        long next =
                Objects.requireNonNull(committed.get(new TopicPartition(in, 0))).offset();
        assertThat(again.warmed).as("records that were read again").hasValue(10);
        assertThat(again.watermarks).containsOnlyKeys(0, 1);
        assertThat(again.watermarks.get(0)).isEqualTo(next);
        assertThat(windowSizes(out))
                .as("each result saw a full window but the first ones of a partition")
                .isEqualTo(expectedWindowSizes(in));
    }

    @Test
    void reportsStateThatIsNoLongerInTheLog() throws Exception {
        String in = stream.topic("in", 1);
        String out = stream.topic("out", 1);
        stream.write(in, 100);
        try (CopyGateway gateway = gateway().start(source(in, true), new Window(40), out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> stream.count(out) == 100);
        }
        stream.admin()
                .deleteRecords(Map.of(new TopicPartition(in, 0), RecordsToDelete.beforeOffset(80)))
                .all()
                .get();
        Window window = new Window(40);
        try (CopyGateway gateway = gateway().start(source(in, true), window, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> window.warmed.get() == 20);
            assertThat(gateway.consumer().warning())
                    .hasValueSatisfying(warning -> assertThat(warning).contains(in + "-0", "offsets 60 to 79"));
        }
    }

    @Test
    void ticksWhileNothingArrives() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        AtomicInteger ticks = new AtomicInteger();
        Set<Integer> forgotten = ConcurrentHashMap.newKeySet();
        Processor stage = exchange -> {
            forgotten.addAll(batch(exchange).forgotten());
            assertThat(batch(exchange).size()).isZero();
            Batch output = Batch.output();
            byte[] text = ("tick:" + ticks.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            output.add(text, text, 0, 0);
            exchange.getMessage().setBody(output);
        };
        try (CopyGateway gateway = gateway().start(source(in, true) + "&tickMs=50", stage, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> ticks.get() >= 10);
        }
        assertThat(forgotten).as("partitions that are new to the stage").containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
        assertThat(stream.count(out)).isEqualTo(ticks.get());
    }

    @Test
    void commitsBeforeItIsSuspendedAndGoesOnWhenResumed() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        try (Writer writer = stream.write(in);
                CopyGateway gateway = gateway()
                        .start(
                                source(in, false) + "&commitIntervalMs=1000",
                                CopyGateway.NOTHING,
                                out,
                                CopyGateway.NOTHING)) {
            for (int turn = 0; turn < 3; turn++) {
                long before = stream.count(out);
                await().atMost(PATIENCE).until(() -> stream.count(out) > before + 1000);
                gateway.context().getRouteController().suspendRoute("copy");
                gateway.context().getRouteController().resumeRoute("copy");
            }
            gateway.context().getRouteController().stopRoute("copy");
            gateway.context().getRouteController().startRoute("copy");
            // At least once was asked for, but nothing failed: nothing may come twice.
            stream.assertArrived(writer, out, true);
        }
    }

    @Test
    void readsSeveralTopicsAndReportsItsLag() throws Exception {
        String one = stream.topic("in");
        String two = stream.topic("in");
        String out = stream.topic("out");
        Writer first = stream.write(one, 300);
        Writer second = stream.write(two, 300);
        AtomicBoolean held = new AtomicBoolean(true);
        Set<String> topics = ConcurrentHashMap.newKeySet();
        Processor stage = exchange -> {
            if (held.get()) {
                throw new UnavailableException("held", null);
            }
            topics.add(batch(exchange).topic());
            assertThat(batch(exchange).topicId()).isNotBlank();
        };
        try (CopyGateway gateway = gateway()
                .start("backbone:%s,%s?groupId=both-%s".formatted(one, two, one), stage, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> gateway.consumer().fault().isPresent());
            await().atMost(PATIENCE).until(() -> gateway.consumer().lag() == 600);
            held.set(false);
            await().atMost(PATIENCE).until(() -> stream.count(out) == 600);
            await().atMost(PATIENCE).until(() -> gateway.consumer().lag() == 0);
        }
        assertThat(topics).containsExactlyInAnyOrder(one, two);
        assertThat(first.acknowledged()).hasSameSizeAs(second.acknowledged());
    }

    @Test
    void readsARetryTopicThatItMakes() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        String retry = "retry." + in;
        try (CopyGateway gateway = gateway()
                .start(source(in, false) + "&retryTopic=" + retry, CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE).until(() -> gateway.consumer().assigned());
            stream.write(in, 10);
            stream.write(retry, 10);
            await().atMost(PATIENCE).until(() -> stream.count(out) == 20);
        }
    }

    @Test
    void namesATopicThatDoesNotExistAndWaitsForIt() throws Exception {
        String out = stream.topic("out");
        try (CopyGateway gateway =
                gateway().start(source("not.yet", true), CopyGateway.NOTHING, out, CopyGateway.NOTHING)) {
            await().atMost(PATIENCE)
                    .until(() -> gateway.consumer().fault().orElse("").contains("Topic 'not.yet' does not exist"));
            stream.admin()
                    .createTopics(List.of(new NewTopic("not.yet", 1, (short) 1)))
                    .all()
                    .get();
            Writer writer = stream.write("not.yet", 10);
            stream.assertArrived(writer, out, true);
            await().untilAsserted(() -> assertThat(gateway.consumer().fault()).isEmpty());
        }
    }

    @Test
    void refusesARouteThatHopsThreads() throws Exception {
        String in = stream.topic("in");
        String out = stream.topic("out");
        stream.write(in, 10);
        try (CopyGateway gateway = gateway()) {
            gateway.context().addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from(source(in, true)).routeId("copy").threads(2).to("backbone:" + out);
                }
            });
            gateway.context().start();
            await().atMost(PATIENCE)
                    .until(() ->
                            gateway.consumer().fault().orElse("").contains("Remove what hops threads from the route"));
        }
        assertThat(stream.count(out)).isZero();
    }

    @Test
    void completesAnAdaptersExchangeWhenTheStreamHasAcknowledgedIt() throws Exception {
        String out = stream.topic("out");
        try (CopyGateway gateway = gateway()) {
            gateway.context().start();
            ConcurrentLinkedQueue<Exchange> done = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 200; i++) {
                Batch batch = Batch.output();
                for (int k = 0; k < 10; k++) {
                    batch.add(
                            ("a" + k).getBytes(StandardCharsets.UTF_8),
                            ("v" + i).getBytes(StandardCharsets.UTF_8),
                            0,
                            0);
                }
                gateway.context()
                        .createProducerTemplate()
                        .asyncSend("backbone:" + out, exchange -> exchange.getMessage()
                                .setBody(batch))
                        .thenAccept(done::add);
            }
            await().atMost(PATIENCE).until(() -> done.size() == 200);
            assertThat(done)
                    .allSatisfy(exchange -> assertThat(exchange.getException()).isNull());
            assertThat(stream.count(out)).isEqualTo(2000);
        }
    }

    @Test
    void failsAnAdaptersExchangeThatTheStreamRefuses() throws Exception {
        String out = stream.topic("out");
        try (CopyGateway gateway = gateway()) {
            gateway.context().start();
            Batch tooLarge = Batch.output();
            tooLarge.add(new byte[] {1}, new byte[2_000_000], 0, 0);
            Exchange failed = gateway.context()
                    .createFluentProducerTemplate()
                    .to("backbone:" + out)
                    .withBody(tooLarge)
                    .send();
            assertThat(failed.getException()).hasMessageContaining("did not take a record");
            Batch fine = Batch.output();
            fine.add(new byte[] {1}, new byte[100], 0, 0);
            Exchange next = gateway.context()
                    .createFluentProducerTemplate()
                    .to("backbone:" + out)
                    .withBody(fine)
                    .send();
            assertThat(next.getException()).isNull();
        }
    }

    @Test
    void anExchangeWithAReceiptIsThroughBeforeTheStreamHasAnswered() throws Exception {
        String out = stream.topic("out");
        try (CopyGateway gateway = gateway()) {
            gateway.context().start();
            Batch fine = Batch.output();
            fine.add(new byte[] {1}, new byte[100], 0, 0);
            Batch tooLarge = Batch.output();
            tooLarge.add(new byte[] {1}, new byte[2_000_000], 0, 0);
            assertThat(settled(gateway, out, fine)).isTrue();
            assertThat(stream.count(out)).isEqualTo(1);
            assertThat(settled(gateway, out, tooLarge)).isFalse();
            assertThat(settled(gateway, out, fine)).isTrue();
            assertThat(stream.count(out)).isEqualTo(2);
        }
    }

    /** Whether the stream has what an exchange with a receipt has sent. */
    private static boolean settled(CopyGateway gateway, String topic, Batch batch) throws InterruptedException {
        Receipt receipt = new Receipt();
        List<Boolean> told = new ArrayList<>();
        receipt.tell(told::add);
        Exchange through = gateway.context().createProducerTemplate().send("backbone:" + topic, exchange -> {
            exchange.getMessage().setBody(batch);
            exchange.setProperty(Receipt.PROPERTY, receipt);
        });
        assertThat(through.getException()).isNull();
        assertThat(told).isEmpty();
        try {
            receipt.settle();
        } catch (Output.SendFailedException e) {
            assertThat(e).hasMessageContaining("did not take a record");
        }
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    private static CopyGateway gateway() {
        CopyGateway gateway = new CopyGateway(broker.bootstrapServers(), "0");
        gateway.context().getRegistry().bind("schemas", SchemaRegistry.class, registry());
        return gateway;
    }

    private static SchemaRegistry registry() {
        return new ConfluentSchemaRegistry(List.of(URI.create(broker.registryUrl())), data.resolve("schemas.json"));
    }

    private static ChildProcess startGateway(String source, String target) throws Exception {
        return ChildProcess.start(CopyGateway.class.getName(), broker.bootstrapServers(), "0", source, target);
    }

    private static ChildProcess startBroker(String... options) throws Exception {
        return ChildProcess.start("io.streamforge.broker.Broker", options);
    }

    /** Below those that the kernel gives to outgoing connections: it is bound later and again. */
    private static String freePort() {
        int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(free.getLocalPort());
        } catch (IOException e) {
            return freePort();
        }
    }

    private static String group(String topic) {
        return "group-" + topic;
    }

    private static String source(String topic, boolean exactlyOnce) {
        return "backbone:%s?groupId=%s&exactlyOnce=%s".formatted(topic, group(topic), exactlyOnce);
    }

    private static Batch batch(Exchange exchange) {
        return exchange.getMessage().getBody(Batch.class);
    }

    /** Fails at every n-th batch with records, so many times. */
    private static Processor everyNth(AtomicInteger count, int n, int times) {
        AtomicInteger failed = new AtomicInteger();
        return exchange -> {
            if (batch(exchange).size() > 0 && count.incrementAndGet() % n == 0 && failed.getAndIncrement() < times) {
                throw new IllegalStateException("once only");
            }
        };
    }

    private static Processor refusing(Predicate<String> refused, java.util.function.Supplier<Exception> failure) {
        return exchange -> {
            Batch batch = batch(exchange);
            for (int i = 0; i < batch.size(); i++) {
                if (refused.test(new String(batch.value(i), StandardCharsets.UTF_8))) {
                    throw failure.get();
                }
            }
        };
    }

    private static List<Integer> windowSizes(String topic) {
        return stream.read(topic).values().stream()
                .flatMap(List::stream)
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    private static List<Integer> expectedWindowSizes(String topic) {
        Map<Integer, Integer> seen = new TreeMap<>();
        return stream.records(topic).stream()
                .map(record -> Math.min(5, seen.merge(record.partition(), 1, Integer::sum) - 1))
                .sorted()
                .toList();
    }

    /** A stage with state: for each record, how many of the partition's last records it knows. */
    private static final class Window implements Processor {
        private final int length;
        private final Map<Integer, List<Long>> last = new ConcurrentHashMap<>();
        private final Map<Integer, Long> watermarks = new ConcurrentHashMap<>();
        private final AtomicInteger warmed = new AtomicInteger();

        Window(int length) {
            this.length = length;
        }

        @Override
        public void process(Exchange exchange) {
            Batch batch = batch(exchange);
            batch.forgotten().forEach(partition -> {
                last.remove(partition);
                Batch.Note note = batch.notes().get(partition);
                if (note != null) {
                    watermarks.putIfAbsent(partition, note.watermarkMicros());
                }
            });
            Batch output = Batch.output();
            for (int i = 0; i < batch.size(); i++) {
                List<Long> window = last.computeIfAbsent(batch.partition(i), partition -> new ArrayList<>());
                output.add(
                        batch.key(i),
                        Integer.toString(window.size()).getBytes(StandardCharsets.UTF_8),
                        batch.partition(i),
                        batch.offset(i));
                window.add(batch.offset(i));
                if (window.size() > length) {
                    window.remove(0);
                }
                if (batch.warmUp()) {
                    warmed.incrementAndGet();
                }
                batch.note(batch.partition(i), window.get(0), batch.offset(i) + 1);
            }
            exchange.getMessage().setBody(output);
        }
    }
}
