package io.streamforge.mqtt;

import io.streamforge.adapter.WriteRule;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What each point was last told to be on the connection that stands, for those who write: a broker cannot be asked. Keeps nothing where no row of the table
 * can be written.
 */
final class States {

    private record Id(@Nullable String asset, String parameter) {}

    private static final String NOTHING_YET = "nothing has come since the broker was connected";

    private final List<Row> rows;
    private final Map<Id, Integer> places = new HashMap<>();
    private final @Nullable Sample[] last;
    private final long[] told;

    States(List<Row> rows) {
        this.rows = rows;
        this.last = new Sample[rows.size()];
        this.told = new long[rows.size()];
        if (rows.stream().anyMatch(row -> row.command() != null)) {
            for (Row row : rows) {
                if (row.payload().isSingle()) {
                    places.putIfAbsent(
                            new Id(row.payload().owner(), row.payload().label()), row.index());
                }
            }
        }
    }

    void note(List<Observation> seen) {
        if (places.isEmpty()) {
            return;
        }
        synchronized (this) {
            for (Observation observation : seen) {
                if (observation instanceof Sample sample) {
                    Integer place = places.get(new Id(sample.asset(), sample.parameter()));
                    if (place != null) {
                        last[place] = sample;
                        told[place]++;
                    }
                }
            }
            notifyAll();
        }
    }

    /** The connection has ended: whatever was told may have changed since. */
    synchronized void forget() {
        Arrays.fill(last, null);
    }

    /** BAD where nothing is known. */
    synchronized List<Sample> read(List<Integer> wanted, Instant now) {
        List<Sample> samples = new ArrayList<>();
        for (int row : wanted) {
            Sample known = last[row];
            samples.add(known == null ? unknown(rows.get(row), now) : known);
        }
        return samples;
    }

    private static Sample unknown(Row row, Instant now) {
        return new Sample(
                row.payload().owner(),
                row.payload().label(),
                null,
                row.payload().unit(),
                Classification.TELEMETRY,
                Quality.BAD,
                NOTHING_YET,
                null,
                now);
    }

    /**
     * Sends a point's command and waits until its own topic tells that it is done, within one time-out for both. The broker's acknowledgement alone says no
     * more than that the broker has it.
     *
     * @return the value as the point holds it
     * @throws IllegalArgumentException if the point cannot hold it; nothing was sent
     * @throws IOException if the broker refused it, or nothing came from the device
     */
    Value write(Link link, int row, Value value, Duration timeout) throws IOException {
        Row point = rows.get(row);
        Command command = point.command();
        if (command == null) {
            throw new IllegalArgumentException("is not writable: its row does not say so");
        }
        Object leaf = point.payload().leaf(value);
        Value written = point.payload().held(leaf);
        long until = System.nanoTime() + timeout.toNanos();
        long before = told(row);
        try {
            link.command(command.topic(), command.payload(leaf));
            Value state = await(row, before, written, until);
            if (state == null) {
                throw new IOException("the broker has it, but no value came on '%s' within %d ms"
                        .formatted(point.topic().subscription(), timeout.toMillis()));
            }
            return WriteRule.same(written, state) ? state : written;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped", e);
        }
    }

    private synchronized long told(int row) {
        return told[row];
    }

    /** What the point was told last since then, as soon as it is what was written; null if nothing. */
    private synchronized @Nullable Value await(int row, long since, Value written, long until)
            throws InterruptedException {
        while (true) {
            Sample state = told[row] > since ? last[row] : null;
            long left = until - System.nanoTime();
            if (left <= 0 || state != null && WriteRule.same(written, state.value())) {
                return state == null ? null : state.value();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
