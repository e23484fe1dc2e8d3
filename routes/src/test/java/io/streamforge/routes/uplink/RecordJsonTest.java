package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamforge.model.Classification;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decoder;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;
import io.streamforge.model.TimeSource;
import io.streamforge.model.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

    private static final int READING_ID = 7;
    private static final int LETTER_ID = 9;
    private static final Instant AT = Instant.parse("2026-11-20T08:00:00.000001Z");
    private static final Origin ORIGIN = new Origin("gw-1", "press-07", "modbus-tcp-source@1", 3, 2);

    private final RecordJson json = new RecordJson(new Decoder(new SchemaRegistry() {
        @Override
        public int idFor(String topic, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema byId(int id) {
            return switch (id) {
                case READING_ID -> Schemas.READING;
                case LETTER_ID -> Schemas.DEAD_LETTER;
                default -> throw new UnknownSchemaException(id);
            };
        }
    }));

    @Test
    void letterCarriesItsPayloadAsBytesAndAsTheRecordItIs() throws Exception {
        byte[] payload = new ReadingCodec(READING_ID)
                .encode(new Reading(
                        new Value.Real(24.1),
                        Quality.GOOD,
                        "press-07",
                        "temperature",
                        "Cel",
                        Classification.TELEMETRY,
                        null,
                        AT,
                        TimeSource.GATEWAY,
                        null,
                        null,
                        12,
                        ORIGIN));

        ObjectNode letter = json.render(letter(payload));

        assertThat(letter.path("message_id").asText()).isEqualTo("telemetry.raw-3-42");
        assertThat(letter.path("failed_at").asText()).isEqualTo("2026-11-20T08:00:00.000001Z");
        assertThat(letter.path("payload").binaryValue()).isEqualTo(payload);
        assertThat(letter.path("payload_bytes").asInt()).isEqualTo(payload.length);
        assertThat(letter.at("/record/value").asDouble()).isEqualTo(24.1);
        assertThat(letter.at("/record/quality").asText()).isEqualTo("GOOD");
        assertThat(letter.at("/record/timestamps/gateway_time").asText()).isEqualTo("2026-11-20T08:00:00.000001Z");
        assertThat(letter.at("/record/timestamps/device_time").isNull()).isTrue();
        assertThat(letter.at("/record/metadata/adapter_id").asText()).isEqualTo("press-07");
    }

    @Test
    void payloadThatCannotBeReadKeepsItsBytes() throws Exception {
        byte[] payload = "garbage".getBytes(StandardCharsets.UTF_8);

        ObjectNode letter = json.render(letter(payload));

        assertThat(letter.path("record").isNull()).isTrue();
        assertThat(letter.path("payload").binaryValue()).isEqualTo(payload);
    }

    @Test
    void ofAVeryLongPayloadOnlyTheBeginningIsRendered() throws Exception {
        ObjectNode letter = json.render(letter(new byte[RecordJson.LONGEST_PAYLOAD + 1]));

        assertThat(letter.path("payload_bytes").asInt()).isEqualTo(RecordJson.LONGEST_PAYLOAD + 1);
        assertThat(letter.path("payload").binaryValue()).hasSize(4096);
        assertThat(letter.has("record")).isFalse();
    }

    private static byte[] letter(byte[] payload) {
        return new DeadLetterCodec(LETTER_ID)
                .encode(new DeadLetter(
                        "telemetry.raw-3-42",
                        "telemetry.raw",
                        3,
                        42,
                        "validate.telemetry",
                        "RANGE",
                        "too hot",
                        AT,
                        READING_ID,
                        ByteBuffer.wrap(payload),
                        1,
                        ORIGIN));
    }
}
