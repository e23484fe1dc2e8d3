package io.streamforge.adapter;

import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.StateChange;
import io.streamforge.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What each row of a point table is known to be, poll by poll, and what of it is worth telling.
 *
 * <p>A point that begins to fail yields one BAD sample without a value, and no more until it is read again; whoever takes the samples confirms
 * them, so that a beginning is told again if it got lost on the way. For a point whose changes are events, a change, or the first state seen, yields a
 * state change, too.
 */
public final class PointBook {

    /** How many points a summary names. */
    private static final int NAMED_POINTS = 3;

    /**
     * What the book needs to know of a point.
     *
     * @param asset null for the adapter's own
     * @param unit UCUM code where one exists, empty for none
     * @param event each change is an event, too
     * @param place where the device has it, as far as its name does not say so; empty for nowhere else
     */
    public record Signal(String name, @Nullable String asset, String unit, boolean event, String place) {

        public Signal(String name, @Nullable String asset, String unit, boolean event) {
            this(name, asset, unit, event, "");
        }

        private String label() {
            return place.isEmpty() ? name : "%s (%s)".formatted(name, place);
        }
    }

    private final List<Signal> signals;
    /** What this poll read, each with a value. */
    private final @Nullable Sample[] reads;

    private final @Nullable String[] failures;
    private final boolean[] told;
    /** What was last told of the points whose changes are events; kept while they fail, null before the first read. */
    private final @Nullable Value[] states;

    /**
     * @param points in the table's order
     */
    public <P> PointBook(List<P> points, Function<P, Signal> signal) {
        this.signals = points.stream().map(signal).toList();
        this.reads = new Sample[points.size()];
        this.failures = new String[points.size()];
        this.told = new boolean[points.size()];
        this.states = new Value[points.size()];
    }

    /** A poll begins: nothing is read, nothing has failed. */
    public void begin() {
        for (int row = 0; row < reads.length; row++) {
            reads[row] = null;
            failures[row] = null;
        }
    }

    /** A good value of a device without a clock. */
    public void read(int row, Value value, Instant gatewayTime) {
        read(row, value, Quality.GOOD, null, null, gatewayTime);
    }

    /**
     * @param quality the device's own verdict
     * @param reason why it is not GOOD, or null
     * @param deviceTime or null if it has no clock
     */
    public void read(
            int row,
            Value value,
            Quality quality,
            @Nullable String reason,
            @Nullable Instant deviceTime,
            Instant gatewayTime) {
        reads[row] = sample(row, value, quality, reason, deviceTime, gatewayTime);
        failures[row] = null;
    }

    /** The point could not be read; a protocol's code and name. */
    public void fail(int row, String reason) {
        reads[row] = null;
        failures[row] = reason;
    }

    /** All that is neither read nor failed has failed for this reason. */
    public void failTheRest(String reason) {
        for (int row = 0; row < reads.length; row++) {
            if (reads[row] == null && failures[row] == null) {
                failures[row] = reason;
            }
        }
    }

    public boolean isRead(int row) {
        return reads[row] != null;
    }

    /** Why the point failed in this poll, or null. */
    public @Nullable String failure(int row) {
        return failures[row];
    }

    /** The value that this poll read, or null. */
    public @Nullable Value value(int row) {
        Sample read = reads[row];
        return read == null ? null : read.value();
    }

    /** How many points this poll read. */
    public int read() {
        int good = 0;
        for (Sample read : reads) {
            good += read == null ? 0 : 1;
        }
        return good;
    }

    /** How many points failed in this poll. */
    public int failed() {
        int failed = 0;
        for (String failure : failures) {
            failed += failure == null ? 0 : 1;
        }
        return failed;
    }

    /** What failed, as a sentence for an operator that names the first few. */
    public String summary() {
        List<String> named = new ArrayList<>();
        int failed = 0;
        for (int row = 0; row < failures.length; row++) {
            if (failures[row] != null) {
                failed++;
                if (named.size() < NAMED_POINTS) {
                    named.add(signals.get(row).label() + " " + failures[row]);
                }
            }
        }
        return "%d of %d points are BAD: %s%s"
                .formatted(failed, failures.length, String.join(", ", named), failed > named.size() ? ", …" : "");
    }

    /**
     * A sample per point that was read or begins to fail, in the table's order, then the changes.
     *
     * @param now the time of the failures
     */
    public List<Observation> observations(Instant now) {
        List<Observation> seen = new ArrayList<>(reads.length);
        for (int row = 0; row < reads.length; row++) {
            Sample read = reads[row];
            String failure = failures[row];
            if (read != null) {
                told[row] = false;
                seen.add(read);
            } else if (failure != null && !told[row]) {
                seen.add(sample(row, null, Quality.BAD, failure, null, now));
            }
        }
        for (int row = 0; row < reads.length; row++) {
            Sample read = reads[row];
            Signal signal = signals.get(row);
            Value value = value(row);
            Value state = states[row];
            if (signal.event() && read != null && value != null && !value.equals(state)) {
                seen.add(new StateChange(
                        null,
                        signal.asset(),
                        signal.name(),
                        state,
                        value,
                        read.quality(),
                        read.deviceTime(),
                        read.gatewayTime()));
            }
        }
        return seen;
    }

    /** The stream has the last observations. */
    public void confirm() {
        for (int row = 0; row < told.length; row++) {
            told[row] = failures[row] != null;
            Sample read = reads[row];
            if (read != null) {
                states[row] = read.value();
            }
        }
    }

    private Sample sample(
            int row,
            @Nullable Value value,
            Quality quality,
            @Nullable String reason,
            @Nullable Instant deviceTime,
            Instant gatewayTime) {
        Signal signal = signals.get(row);
        return new Sample(
                signal.asset(),
                signal.name(),
                value,
                signal.unit(),
                Classification.TELEMETRY,
                quality,
                reason,
                deviceTime,
                gatewayTime);
    }
}
