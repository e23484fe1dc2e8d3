package io.streamforge.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;

/** The schemas of the stream's records, as this version writes them. */
public final class Schemas {

    public static final Schema READING = parse("reading");
    public static final Schema EVENT = parse("event");
    public static final Schema ALARM = parse("alarm");
    public static final Schema AGGREGATE = parse("aggregate");
    public static final Schema DEAD_LETTER = parse("dead-letter");
    public static final Schema LEDGER = parse("ledger");
    public static final Schema DECISION = parse("decision");
    public static final Schema DECISION_OUTCOME = parse("decision-outcome");

    private Schemas() {}

    private static Schema parse(String name) {
        try (InputStream source = Schemas.class.getResourceAsStream("/avro/" + name + ".avsc")) {
            return new Schema.Parser().parse(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
