package io.streamforge.it;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a run with faults has shown.
 *
 * @param produced readings that were acknowledged to their sender
 * @param inSink those of them that the sink's table holds
 * @param lost acknowledged, but not in the sink
 * @param lastSeen how far those have come that were lost; empty if none was
 * @param doubledInClean more than once in telemetry.clean
 * @param writtenTwice written more than once to the sink, by a trigger's log without a key
 * @param kills SIGKILLs
 * @param stops SIGSTOPs
 * @param repeats requests that the sender repeated
 * @param refused why parts of the load ended before they should: a good request that was refused
 * @param standstill why the sink gets no more of what it lacks, as far as it can be told; empty if it has all
 */
record Verdict(
        long produced,
        long inSink,
        List<String> lost,
        String lastSeen,
        List<String> doubledInClean,
        List<String> writtenTwice,
        int kills,
        int stops,
        long repeats,
        List<String> refused,
        String standstill,
        long seed) {

    private static final int SHOWN = 20;

    long duplicated() {
        return doubledInClean.size() + writtenTwice.size();
    }

    boolean isClean() {
        return lost.isEmpty() && duplicated() == 0 && refused.isEmpty();
    }

    String json() {
        ObjectNode json = Plan.JSON.createObjectNode();
        json.put("produced", produced)
                .put("in_sink", inSink)
                .put("lost", lost.size())
                .put("duplicated", duplicated())
                .put("kills", kills)
                .put("stops", stops)
                .put("repeated_requests", repeats)
                .put("refused", refused.size())
                .put("seed", seed);
        return json.toString();
    }

    String report() {
        return """
                %d readings acknowledged, %d of them in the sink after %d kills and %d stops (%d requests repeated, seed %d).%s%s
                lost: %s
                more than once in telemetry.clean: %s
                written more than once to the sink: %s
                refused: %s""".formatted(
                        produced,
                        inSink,
                        kills,
                        stops,
                        repeats,
                        seed,
                        lastSeen.isEmpty() ? "" : " " + lastSeen,
                        standstill.isEmpty() ? "" : " The pipeline stood still. " + standstill,
                        shown(lost),
                        shown(doubledInClean),
                        shown(writtenTwice),
                        shown(refused));
    }

    private static String shown(List<String> all) {
        if (all.isEmpty()) {
            return "none";
        }
        return "%d: %s%s"
                .formatted(
                        all.size(),
                        String.join(", ", all.subList(0, Math.min(SHOWN, all.size()))),
                        all.size() > SHOWN ? ", …" : "");
    }
}
