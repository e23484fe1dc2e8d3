package io.streamforge.it.bench.validate;

import io.streamforge.backbone.ConfluentSchemaRegistry;
import io.streamforge.it.bench.ExactlyOnceLoop;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Schemas;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What the hand-written loop does with a record. */
final class LoopVariant {

    private LoopVariant() {}

    /** Bytes in, bytes out. */
    static ExactlyOnceLoop copy(String bootstrap) {
        return new ExactlyOnceLoop(
                "copy",
                bootstrap,
                ValidateBench.raw("copy"),
                ValidateBench.group("copy"),
                ValidateBench.MAX_POLL_RECORDS,
                (read, producer) ->
                        producer.send(new ProducerRecord<>(ValidateBench.clean("copy"), read.key(), read.value())));
    }

    /** The same checks by hand over the same codec. */
    static ExactlyOnceLoop hand(String bootstrap, String registry) throws Exception {
        Path cache = Files.createTempFile("bench-schemas", ".json");
        ConfluentSchemaRegistry schemas = new ConfluentSchemaRegistry(List.of(URI.create(registry)), cache);
        HandChecks checks = new HandChecks(
                schemas.idFor(ValidateBench.raw("hand"), Schemas.READING),
                new DeadLetterCodec(schemas.idFor(ValidateBench.dead("hand"), Schemas.DEAD_LETTER)));
        return new ExactlyOnceLoop(
                "hand",
                bootstrap,
                ValidateBench.raw("hand"),
                ValidateBench.group("hand"),
                ValidateBench.MAX_POLL_RECORDS,
                (read, producer) -> {
                    checks.check(read);
                    byte @Nullable [] dead = checks.dead();
                    if (dead != null) {
                        producer.send(new ProducerRecord<>(ValidateBench.dead("hand"), read.key(), dead));
                    }
                    byte @Nullable [] clean = checks.clean();
                    if (clean != null) {
                        producer.send(new ProducerRecord<>(ValidateBench.clean("hand"), read.key(), clean));
                    }
                });
    }
}
