package io.streamforge.adapter;

import java.util.Collections;
import java.util.List;

/**
 * How a source uses its device, since its start.
 *
 * @param answers requests that the device answered, by how long the answer took: as many as {@link #BOUNDS_MILLIS}, each counting those up to its
 *     bound and above the one before, and one more for those beyond the last
 * @param answerSeconds how long all of them took together
 * @param requests those that went out, answered or not
 * @param ceiling most of them in a second, 0 if there is none
 * @param goodPoints values that were read
 * @param badPoints values that were to be read and could not be, also while the device was down
 */
public record Traffic(
        List<Long> answers, double answerSeconds, long requests, int ceiling, long goodPoints, long badPoints) {

    public static final List<Integer> BOUNDS_MILLIS =
            List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000);

    /** Of a source that asks nobody. */
    public static final Traffic NONE = new Traffic(Collections.nCopies(BOUNDS_MILLIS.size() + 1, 0L), 0, 0, 0, 0, 0);

    /** Of a source that asks nobody: it is told. */
    static Traffic told(long goodPoints, long badPoints) {
        return new Traffic(NONE.answers, 0, 0, 0, goodPoints, badPoints);
    }

    public Traffic {
        answers = List.copyOf(answers);
    }
}
