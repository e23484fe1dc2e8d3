package io.streamforge.aggregate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The contributions that no window holds: how many, and which was the first of them. */
public final class OutOfTime {

    private long tooLate;
    private long tooEarly;
    private String tag = "";
    private Instant time = Instant.EPOCH;

    OutOfTime() {}

    /** How many came when their window was held no longer. */
    public long tooLate() {
        return tooLate;
    }

    /** How many came from a device clock that is ahead of the gateway's by more than windows are held. */
    public long tooEarly() {
        return tooEarly;
    }

    /** Asset and parameter of the first, {@code press-07/temperature}; empty for none. */
    public String tag() {
        return tag;
    }

    /** Event time of the first. */
    public Instant time() {
        return time;
    }

    boolean none() {
        return tooLate + tooEarly == 0;
    }

    void late(String assetId, String parameter, long micros) {
        name(assetId, parameter, micros);
        tooLate++;
    }

    void early(String assetId, String parameter, long micros) {
        name(assetId, parameter, micros);
        tooEarly++;
    }

    void add(OutOfTime more) {
        if (none()) {
            tag = more.tag;
            time = more.time;
        }
        tooLate += more.tooLate;
        tooEarly += more.tooEarly;
    }

    private void name(String assetId, String parameter, long micros) {
        if (none()) {
            tag = assetId + "/" + parameter;
            time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        }
    }
}
