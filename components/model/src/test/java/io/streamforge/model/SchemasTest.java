package io.streamforge.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The fields that the stream's contract names, in the order in which they lie on the wire. */
class SchemasTest {

    private static final String METADATA = "metadata{gateway_id adapter_id adapter_version revision epoch}";
    private static final String TIMESTAMPS = "timestamps{device_time gateway_time time_source}";

    @Test
    void readingHasItsHotFieldsFirst() {
        assertThat(fields(Schemas.READING))
                .isEqualTo("value quality asset_id parameter unit classification " + TIMESTAMPS
                        + " clock_skew_ms quality_reason sequence " + METADATA);
    }

    @Test
    void eventHasTheContractsFields() {
        assertThat(fields(Schemas.EVENT))
                .isEqualTo(
                        "event_id asset_id event_type previous_state new_state " + TIMESTAMPS + " quality " + METADATA
                                + " condition{condition_id branch_id severity message active acked confirmed retain comment user}"
                                + " quality_reason");
    }

    @Test
    void alarmHasTheContractsFields() {
        assertThat(fields(Schemas.ALARM))
                .isEqualTo("alarm_id occurrence_id asset_id type severity state acked shelved_until suppressed_by "
                        + "raised_at acked_at acked_by cleared_at value threshold unit message rule_id " + METADATA);
    }

    @Test
    void aggregateHasTheContractsFields() {
        assertThat(fields(Schemas.AGGREGATE))
                .isEqualTo("asset_id parameter unit resolution window_start window_end "
                        + "aggregates{avg min max count stddev first last} "
                        + "quality{good suspect uncertain percent_good} revision " + METADATA
                        + " gaps states{last count lead_micros open times{state count micros}}");
    }

    @Test
    void deadLetterHasTheContractsFields() {
        assertThat(fields(Schemas.DEAD_LETTER))
                .isEqualTo("message_id source_topic partition offset stage reason_code reason failed_at schema_id "
                        + "payload attempts " + METADATA);
    }

    @Test
    void ledgerHasTheContractsFields() {
        assertThat(fields(Schemas.LEDGER))
                .isEqualTo("kind stage asset_id parameter minute count first last " + METADATA
                        + " topic partition reason");
    }

    private static String fields(Schema record) {
        return record.getFields().stream()
                .map(field -> field.name() + nested(field.schema()))
                .collect(Collectors.joining(" "));
    }

    private static String nested(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> "{" + fields(schema) + "}";
            case UNION -> schema.getTypes().stream().map(SchemasTest::nested).collect(Collectors.joining());
            case ARRAY -> nested(schema.getElementType());
            default -> "";
        };
    }
}
