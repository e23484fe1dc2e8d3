package io.streamforge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class SchemaStoreTest {

    private static final Schema FIRST = schema("{\"name\":\"a\",\"type\":\"long\"}");
    private static final Schema SECOND =
            schema("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"b\",\"type\":\"long\",\"default\":0}");
    private static final Schema REQUIRED =
            schema("{\"name\":\"a\",\"type\":\"long\"},{\"name\":\"c\",\"type\":\"long\"}");

    /** Keeps in memory; may fail before or after a record is kept, as a stream may. */
    private static final class Log implements SchemaLog {
        private final List<Entry> entries = new ArrayList<>();
        private boolean failsBefore;
        private boolean failsAfter;

        @Override
        public void append(String key, String value) {
            if (failsBefore) {
                throw new KafkaException("refused");
            }
            entries.add(new Entry(entries.size(), key, value));
            if (failsAfter) {
                throw new KafkaException("no answer");
            }
        }

        @Override
        public List<Entry> readAll() {
            return List.copyOf(entries);
        }
    }

    private final Log log = new Log();
    private final SchemaStore store = new SchemaStore(log);

    @Test
    void sameSchemaHasOneIdInEverySubject() {
        assertThat(store.register("raw", FIRST).id()).isEqualTo(1);
        assertThat(store.register("clean", FIRST).id()).isEqualTo(1);
        assertThat(store.register("raw", FIRST).version()).isEqualTo(1);
        assertThat(store.register("clean", SECOND).id()).isEqualTo(2);
        assertThat(store.uses(1)).extracting(SchemaStore.Version::subject).containsExactly("clean", "raw");
    }

    @Test
    void logRecordsHaveConfluentsShape() {
        store.register("raw", FIRST);
        store.setLevel(null, Compatibility.FULL);
        store.setLevel("raw", Compatibility.NONE);
        assertThat(log.entries)
                .extracting(SchemaLog.Entry::key)
                .containsExactly(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"raw\",\"version\":1,\"magic\":1}",
                        "{\"keytype\":\"CONFIG\",\"magic\":0}",
                        "{\"keytype\":\"CONFIG\",\"subject\":\"raw\",\"magic\":0}");
        assertThat(log.entries.get(0).value())
                .startsWith("{\"subject\":\"raw\",\"version\":1,\"id\":1,\"schema\":\"{\\\"type\\\":\\\"record\\\"");
        assertThat(log.entries.get(2).value()).isEqualTo("{\"compatibilityLevel\":\"NONE\"}");
    }

    @Test
    void knowsEverythingAgainAfterARestart() {
        store.register("raw", FIRST);
        store.register("raw", SECOND);
        store.setLevel(null, Compatibility.FULL);
        store.setLevel("raw", Compatibility.NONE);

        SchemaStore restarted = new SchemaStore(log);

        assertThat(restarted.versions("raw")).isEqualTo(store.versions("raw"));
        assertThat(restarted.schema(2)).isEqualTo(SECOND);
        assertThat(restarted.generalLevel()).isEqualTo(Compatibility.FULL);
        assertThat(restarted.level("raw")).isEqualTo(Compatibility.NONE);
        assertThat(restarted.register("raw", REQUIRED).id()).isEqualTo(3);
    }

    @Test
    void refusesWhatTheLevelForbidsAndKeepsNothingOfIt() {
        store.register("raw", FIRST);
        assertThatThrownBy(() -> store.register("raw", REQUIRED))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.status()).isEqualTo(409))
                .hasMessageStartingWith(
                        "The schema must be BACKWARD compatible with the earlier ones of subject 'raw'. The new schema cannot read");
        assertThat(log.entries).hasSize(1);
        store.setLevel("raw", Compatibility.NONE);
        assertThat(store.register("raw", REQUIRED).version()).isEqualTo(2);
    }

    @Test
    void transitiveLevelLooksAtEveryVersion() {
        store.register("raw", REQUIRED);
        store.register("raw", FIRST);
        store.setLevel("raw", Compatibility.FORWARD);
        assertThat(store.conflicts("raw", FIRST)).isEmpty();
        store.setLevel("raw", Compatibility.FORWARD_TRANSITIVE);
        assertThat(store.conflicts("raw", FIRST)).hasSize(1);
    }

    @Test
    void idOfAFailedWriteThatWasKeptIsNotGivenTwice() {
        log.failsAfter = true;
        assertThatThrownBy(() -> store.register("raw", FIRST))
                .hasMessage("The registry's topic could not be written: no answer");
        log.failsAfter = false;
        assertThat(store.register("clean", SECOND).id()).isEqualTo(2);
        assertThat(store.register("raw", FIRST).id()).isEqualTo(1);
        assertThat(log.entries).hasSize(2);
    }

    @Test
    void failedWriteThatWasNotKeptLeavesNoTrace() {
        log.failsBefore = true;
        assertThatThrownBy(() -> store.register("raw", FIRST)).isInstanceOf(RegistryException.class);
        assertThat(store.subjects()).isEmpty();
        log.failsBefore = false;
        assertThat(store.register("clean", SECOND).id()).isEqualTo(1);
    }

    @Test
    void namesTheRecordThatCannotBeRead() {
        log.append("{\"keytype\":\"NOOP\",\"magic\":0}", "{}");
        log.append("{\"keytype\":\"SCHEMA\"}", "{\"subject\":");
        assertThatThrownBy(() -> new SchemaStore(log))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageStartingWith("The schema registry's record at offset 1 of topic _schemas cannot be read: ");
    }

    private static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
    }
}
