package io.streamforge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionTest {

    private static final int DECISION_ID = 20;
    private static final int OUTCOME_ID = 21;
    private static final LetterPlace LETTER = new LetterPlace("dlq.telemetry", 3, 42, "telemetry.raw-3-40");
    private static final Instant AT = Instant.parse("2026-11-20T08:00:00.000001Z");

    private final Decoder decoder = new Decoder(
            Examples.registry().with(DECISION_ID, Schemas.DECISION).with(OUTCOME_ID, Schemas.DECISION_OUTCOME));

    static Stream<Value> values() {
        return Stream.of(new Value.Real(24.1), new Value.Whole(-7), new Value.Flag(true), new Value.Text("AUTO"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void decisionIsReadAsItWasWrittenAndAvroAgrees(Value value) {
        Decision decision = new Decision("d-1", LETTER, Decision.Action.EDIT, value, "anna", AT);
        byte[] framed = decision.encode(DECISION_ID);
        assertThat(decoder.decision(framed)).isEqualTo(decision);
        assertThat(decoder.generic(framed).get("action")).hasToString("EDIT");
    }

    @Test
    void outcomeIsReadAsItWasWrittenAndAvroAgrees() {
        DecisionOutcome outcome = new DecisionOutcome(
                "d-1", LETTER, DecisionOutcome.State.REPROCESS_FAILED, "no longer in the stream", AT);
        byte[] framed = outcome.encode(OUTCOME_ID);
        assertThat(decoder.decisionOutcome(framed)).isEqualTo(outcome);
        assertThat(decoder.generic(framed).get("state")).hasToString("REPROCESS_FAILED");
    }

    @Test
    void enumsStandInTheSchemasOrder() {
        assertThat(Stream.of(Decision.Action.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Schemas.DECISION.getField("action").schema().getEnumSymbols());
        assertThat(Stream.of(DecisionOutcome.State.values()).map(Enum::name))
                .containsExactlyElementsOf(
                        Schemas.DECISION_OUTCOME.getField("state").schema().getEnumSymbols());
    }

    @Test
    void otherContentsReplaceOnlyTheirFields() {
        byte[] patched = decoder.with(
                Examples.READING_BYTES,
                Map.of("value", 7.5, "quality", Quality.SUSPECT, "quality_reason", "approved by anna"));

        Reading before = Examples.READING;
        assertThat(decoder.reading(patched))
                .isEqualTo(new Reading(
                        new Value.Real(7.5),
                        Quality.SUSPECT,
                        before.assetId(),
                        before.parameter(),
                        before.unit(),
                        before.classification(),
                        before.deviceTime(),
                        before.gatewayTime(),
                        before.timeSource(),
                        before.clockSkewMs(),
                        "approved by anna",
                        before.sequence(),
                        before.origin()));
    }

    @Test
    void contentsThatTheSchemaCannotHoldAreRefused() {
        assertThatThrownBy(() -> decoder.with(Examples.READING_BYTES, Map.of("sequence", "twelve")))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("cannot hold this sequence");
    }
}
