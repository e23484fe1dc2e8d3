package io.streamforge.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/** What a subject's next schema must be able to do, as Confluent's registry names it. */
enum Compatibility {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean newReadsOld;
    private final boolean oldReadsNew;
    private final boolean transitive;

    Compatibility(boolean newReadsOld, boolean oldReadsNew, boolean transitive) {
        this.newReadsOld = newReadsOld;
        this.oldReadsNew = oldReadsNew;
        this.transitive = transitive;
    }

    /** Whether all earlier versions count, not only the latest. */
    boolean transitive() {
        return transitive;
    }

    /** What is in the way, one sentence each; empty if nothing is. */
    List<String> conflicts(Schema candidate, Schema earlier) {
        List<String> conflicts = new ArrayList<>();
        if (newReadsOld) {
            conflicts.addAll(conflicts(candidate, earlier, "The new schema cannot read what the earlier one wrote"));
        }
        if (oldReadsNew) {
            conflicts.addAll(conflicts(earlier, candidate, "The earlier schema cannot read what the new one writes"));
        }
        return conflicts;
    }

    private static List<String> conflicts(Schema reader, Schema writer, String who) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(conflict -> "%s: %s at %s (%s)."
                        .formatted(
                                who,
                                conflict.getType()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' '),
                                conflict.getLocation(),
                                conflict.getMessage()))
                .toList();
    }
}
