package io.streamforge.http.poll;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What came of one request. */
sealed interface Answer {

    /** The wish of who has none. */
    long NO_WISH = 0;

    /** @param received when its last byte had come */
    record Document(
            byte[] bytes,
            Instant received,
            @Nullable String etag,
            @Nullable String lastModified) implements Answer {}

    /** As it was when it was last asked for. */
    record Unchanged() implements Answer {}

    /**
     * @param status of HTTP; 0 if there was no answer, or none that could be used
     * @param code as it is counted
     * @param passing whether the next attempt may have more luck
     * @param wish how long the service wants to be left alone, in nanoseconds; {@link #NO_WISH} if it said nothing
     */
    record Failure(int status, String code, String reason, boolean passing, long wish) implements Answer {

        /** One that is no answer. */
        static Failure of(String code, String reason, boolean passing) {
            return new Failure(0, code, reason, passing, NO_WISH);
        }
    }
}
