package io.streamforge.routes.runtime;

import io.streamforge.routes.LogKeys;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in the way of something right now, one sentence per subject, shown in the gateway's health. Each is logged when it appears,
 * changes or goes, never in between.
 */
public final class Notices {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final Map<Subject, String> sentences = new ConcurrentHashMap<>();

    /** What a notice is about. */
    public enum Subject {
        STREAM("stream"),
        REGISTRY("registry"),
        TEMPLATES("templates"),
        PLAN("plan"),
        PLAN_CACHE("planCache"),
        PLAN_FILE("planFile"),
        ENROLMENT("enrolment"),
        CONTROL_PLANE("controlPlane"),
        COMMANDS("commands"),
        LEDGER("ledger"),
        STANDING_ROUTES("standingRoutes");

        private final String key;

        Subject(String key) {
            this.key = key;
        }

        /** Its name in the health document. */
        public String key() {
            return key;
        }
    }

    /** Something stands in the way. */
    public void raise(Subject subject, String sentence) {
        if (!sentence.equals(sentences.put(subject, sentence))) {
            LOG.atWarn().addKeyValue(LogKeys.REASON, sentence).log("Attention: {}", subject.key());
        }
    }

    /** Nothing stands in its way any more. */
    public void clear(Subject subject) {
        if (sentences.remove(subject) != null) {
            LOG.info("Settled: {}", subject.key());
        }
    }

    /** All notices by subject. */
    public Map<String, String> all() {
        Map<String, String> all = new TreeMap<>();
        sentences.forEach((subject, sentence) -> all.put(subject.key(), sentence));
        return all;
    }

    /** Whether there is one of that subject. */
    public boolean standing(Subject subject) {
        return sentences.containsKey(subject);
    }
}
