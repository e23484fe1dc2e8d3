package io.streamforge.validate;

import io.streamforge.model.Alarm;
import io.streamforge.model.AlarmCodec;
import io.streamforge.model.Batch;
import io.streamforge.model.DeadLetter;
import io.streamforge.model.DeadLetterCodec;
import io.streamforge.model.Decoder;
import io.streamforge.model.Ledger;
import io.streamforge.model.LedgerCodec;
import io.streamforge.model.Origin;
import io.streamforge.model.Quality;
import io.streamforge.model.Reading;
import io.streamforge.model.ReadingCodec;
import io.streamforge.model.ReadingView;
import io.streamforge.model.TimeSource;
import io.streamforge.model.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every reading of a batch: it passes as the very bytes it came in, passes with a worse verdict, is dropped as a duplicate and
 * counted, or goes to the dead letters with its original bytes. What the device said about a value is never made better.
 *
 * <p>Where a series turns BAD or silent, a null UNCERTAIN reading stands in for what is missing, once, so that sinks, windows and trends see
 * the gap.
 *
 * <p>What it knows of the series is not stored: the note to the stream says from where it is to be re-read. Confined to its route's thread.
 */
public final class Validator {

    private static final String REPROCESS = "telemetry.reprocess";

    /** A plant has fewer signals by far; beyond it names are being made up, and the memory of their partition starts afresh. */
    private static final int MAX_SERIES = 1 << 18;

    private static final int MAX_SOURCES = 1 << 12;

    /** A pause of the process is nobody's silence: of the time between two batches so much counts. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(2);

    /**
     * What became of a batch.
     *
     * @param clean readings, for the clean topic
     * @param dead dead letters
     * @param alarms of the system itself
     * @param ledger what was dropped and counted
     */
    public record Outcome(Batch clean, Batch dead, Batch alarms, Batch ledger) {
        Outcome() {
            this(Batch.output(), Batch.output(), Batch.output(), Batch.output());
        }
    }

    /** The registry's ids of what the validator writes. */
    public record SchemaIds(int reading, int deadLetter, int alarm, int ledger) {}

    private record Dropped(int partition, String asset, String parameter, Instant minute, Origin origin) {}

    private static final class Tally {
        private long count;
        private long first;
        private long last;
    }

    private final String stage;
    private final Origin unreadable;
    private final Rules rules;
    private final ReadingView view;
    private final Judge judge;
    private final Decoder decoder;
    private final ReadingCodec readings;
    private final DeadLetterCodec deadLetters;
    private final AlarmCodec alarms;
    private final LedgerCodec ledger;
    private final Clock clock;
    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private final Clocks clocks = new Clocks();
    private final Map<Source, Source> sources = new HashMap<>();
    private final Map<Dropped, Tally> dropped = new HashMap<>();
    private @Nullable Instant calledAt;

    /**
     * @param stage the route's id, as dead letters name it
     * @param gatewayId the gateway's id, for dead letters of what cannot be read
     * @param clock the gateway's, for the time of a refusal and for silence
     */
    public Validator(String stage, String gatewayId, Rules rules, Decoder decoder, SchemaIds ids, Clock clock) {
        this.stage = stage;
        this.unreadable = Origin.of(gatewayId);
        this.rules = rules;
        this.view = new ReadingView(ids.reading);
        this.judge = new Judge(view, rules.horizon());
        this.decoder = decoder;
        this.readings = new ReadingCodec(ids.reading);
        this.deadLetters = new DeadLetterCodec(ids.deadLetter);
        this.alarms = new AlarmCodec(ids.alarm);
        this.ledger = new LedgerCodec(ids.ledger);
        this.clock = clock;
    }

    /** Decides about every record of the batch, in its order; an empty batch only asks the wall clock. */
    public Outcome validate(Batch in) {
        if (in.topic().equals(REPROCESS)) {
            return revalidate(in);
        }
        for (int id : in.forgotten()) {
            forget(id, in.notes().get(id));
        }
        if (!in.warmUp()) {
            partitions.values().forEach(Partition::begin);
        }
        Outcome out = new Outcome();
        out.clean.ensureCapacity(in.size());
        int id = -1;
        Partition partition = null;
        for (int i = 0; i < in.size(); i++) {
            if (partition == null || in.partition(i) != id) {
                id = in.partition(i);
                partition = partitions.computeIfAbsent(id, made -> new Partition(rules, null));
            }
            try {
                look(in.value(i));
                take(partition, in, i, out);
            } catch (UndecodableException e) {
                refuse(in, i, out, unreadable, new Refusal(e.reasonCode(), Objects.requireNonNull(e.getMessage())));
            }
        }
        settle(in, out);
        return in.warmUp() ? new Outcome() : out;
    }

    private void look(byte[] framed) {
        if (!view.wrap(framed)) {
            view.wrapResolved(decoder, framed);
        }
    }

    /** Readings that were refused and come again have no place among those that came since: each is judged by itself. */
    private Outcome revalidate(Batch in) {
        Outcome out = new Outcome();
        for (int i = 0; i < in.size(); i++) {
            try {
                look(in.value(i));
                Refusal refusal = judge.incomplete();
                if (refusal == null) {
                    refusal = verdict(new Signal(rules.checksFor(view.assetId(), view.parameter())));
                }
                if (refusal == null) {
                    pass(in, i, out);
                } else {
                    refuse(in, i, out, view.origin(), refusal);
                }
            } catch (UndecodableException e) {
                refuse(in, i, out, unreadable, new Refusal(e.reasonCode(), Objects.requireNonNull(e.getMessage())));
            }
        }
        return out;
    }

    /** Why the reading may not pass, or null with its doubts noted. */
    private @Nullable Refusal verdict(Signal signal) {
        if (view.quality() == Quality.BAD) {
            return judge.device();
        }
        Refusal refusal = judge.refusal(signal);
        if (refusal == null) {
            judge.doubt(signal);
        }
        return refusal;
    }

    private void pass(Batch in, int i, Outcome out) {
        out.clean.add(in.key(i), annotated(in.value(i)), in.partition(i), in.offset(i));
    }

    /** How many series are known. */
    public int seriesCount() {
        return partitions.values().stream().mapToInt(Partition::size).sum();
    }

    private void forget(int id, Batch.@Nullable Note note) {
        Partition known = partitions.put(id, new Partition(rules, note));
        if (known != null) {
            known.drop(clocks::end);
        }
    }

    private void take(Partition partition, Batch in, int i, Outcome out) {
        Refusal incomplete = judge.incomplete();
        if (incomplete != null) {
            refuse(in, i, out, view.origin(), incomplete);
            return;
        }
        long gatewayTime = view.gatewayTimeMicros();
        partition.advance(gatewayTime, in.offset(i));
        Signal signal = partition.signal(view);
        if (signal instanceof Tracked tracked && follow(partition, tracked, in, i, out)) {
            return;
        }
        signal.see(gatewayTime);
        if (view.hasDeviceTime()) {
            watchClock(signal, in, i, out);
        }
        Refusal refusal = verdict(signal);
        if (refusal == null) {
            signal.setBad(false);
            pass(in, i, out);
            return;
        }
        refuse(in, i, out, view.origin(), refusal);
        if (!signal.bad()) {
            signal.setBad(true);
            out.clean.add(in.key(i), badMarker(refusal), in.partition(i), in.offset(i));
        }
        if (signal instanceof Tracked tracked) {
            tracked.interrupt();
        }
    }

    /** Silence that the reading ends, and whether it is to be dropped because it came before. */
    private boolean follow(Partition partition, Tracked tracked, Batch in, int i, Outcome out) {
        Checks checks = tracked.checks();
        if (checks.maxGap() != null) {
            long since = partition.heard(tracked, view.gatewayTimeMicros());
            if (since != Partition.NO_GAP) {
                addGap(tracked, since, in.partition(i), in.offset(i), out);
            }
            tracked.cameFrom(source(tracked), view.sequence());
        }
        if (checks.asksForDuplicates() && view.hasDeviceTime() && view.quality() != Quality.BAD) {
            int most = Objects.requireNonNull(checks.remembered());
            switch (tracked.recent(most).add(view.deviceTimeMicros(), identity())) {
                case NEW -> {}
                case DIFFERENT -> judge.doubtDuplicate();
                case SAME -> {
                    tracked.see(view.gatewayTimeMicros());
                    drop(in.partition(i), in.offset(i));
                    return true;
                }
            }
        }
        return false;
    }

    /** The value with its kind: 1 and true are different values. */
    private long identity() {
        return Tracked.bitsOf(view) + view.valueKind().ordinal() * 0x9E3779B97F4A7C15L;
    }

    private Source source(Tracked tracked) {
        Source source = tracked.source();
        if (source != null && source.is(view)) {
            return source;
        }
        if (sources.size() >= MAX_SOURCES) {
            sources.clear();
        }
        return sources.computeIfAbsent(new Source(view), same -> same);
    }

    private void drop(int partition, long offset) {
        Instant minute = instant(view.gatewayTimeMicros()).truncatedTo(ChronoUnit.MINUTES);
        Tally tally = dropped.computeIfAbsent(
                new Dropped(partition, view.assetId(), view.parameter(), minute, view.origin()), key -> new Tally());
        tally.first = tally.count == 0 ? offset : tally.first;
        tally.last = offset;
        tally.count++;
    }

    private void settle(Batch in, Outcome out) {
        long passed = passed();
        partitions.forEach((id, partition) -> {
            partition.settle(passed, in.warmUp(), (silent, since) -> addGap(silent, since, id, 0, out));
            partition.sweep(signal -> endSkew(signal, 0, id, 0, out));
            if (partition.started()) {
                in.note(id, partition.note());
            }
        });
        dropped.forEach((what, tally) -> out.ledger.add(
                bytes(what.asset),
                ledger.encode(new Ledger(
                        Ledger.Kind.DUPLICATE_DROPPED,
                        stage,
                        what.asset,
                        what.parameter,
                        what.minute,
                        tally.count,
                        tally.first,
                        tally.last,
                        what.origin)),
                what.partition,
                tally.last));
        dropped.clear();
        if (seriesCount() >= MAX_SERIES) {
            partitions.values().forEach(partition -> partition.drop(clocks::end));
        }
    }

    private long passed() {
        Instant now = clock.instant();
        Duration step = calledAt == null ? Duration.ZERO : Duration.between(calledAt, now);
        calledAt = now;
        if (step.isNegative()) {
            return 0;
        }
        return Partition.micros(step.compareTo(LONGEST_STEP) < 0 ? step : LONGEST_STEP);
    }

    private void watchClock(Signal signal, Batch in, int i, Outcome out) {
        long skew = view.skewMs();
        if (Clocks.wrong(skew) == (signal.skewed() != null)) {
            return;
        }
        if (signal.skewed() != null) {
            endSkew(signal, skew, in.partition(i), in.offset(i), out);
        } else if (clocks.begin(signal, view.origin(), view.gatewayTimeMicros())) {
            addAlarm(Clocks.raised(Objects.requireNonNull(signal.skewed()), skew), in.partition(i), in.offset(i), out);
        }
    }

    private void endSkew(Signal signal, long skew, int partition, long offset, Outcome out) {
        Clocks.Skewed adapter = signal.skewed();
        if (adapter != null && clocks.end(signal)) {
            addAlarm(Clocks.cleared(adapter, signal.seen(), skew), partition, offset, out);
        }
    }

    private void addAlarm(Alarm alarm, int partition, long offset, Outcome out) {
        out.alarms.add(bytes(alarm.assetId()), alarms.encode(alarm), partition, offset);
    }

    /** The record itself, unless a doubt, its clock skew or a missing device time must be noted in it. */
    private byte[] annotated(byte[] framed) {
        String doubts = judge.takeDoubts();
        Quality verdict = doubts == null ? view.quality() : worse(view.quality(), Quality.SUSPECT);
        if (!view.hasDeviceTime()
                && view.timeSource() == TimeSource.DEVICE
                && view.quality().compareTo(Quality.UNCERTAIN) < 0) {
            verdict = Quality.UNCERTAIN;
            doubts = joined(doubts, "device_time: missing, gateway_time stands in");
        }
        boolean skewKnown = view.hasClockSkew() || !view.hasDeviceTime();
        if (doubts == null && skewKnown) {
            return framed;
        }
        String reason = doubts == null ? view.qualityReason() : joined(view.qualityReason(), doubts);
        return view.withQuality(verdict, reason, skewKnown ? view.clockSkewMs() : Long.valueOf(view.skewMs()));
    }

    private static String joined(@Nullable String first, String second) {
        return first == null ? second : first + "; " + second;
    }

    private static Quality worse(Quality a, Quality b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** In the place of the reading that is BAD, with its identity. */
    private byte[] badMarker(Refusal refusal) {
        Reading bad = view.toReading();
        return readings.encode(new Reading(
                null,
                Quality.UNCERTAIN,
                bad.assetId(),
                bad.parameter(),
                bad.unit(),
                bad.classification(),
                bad.deviceTime(),
                bad.gatewayTime(),
                bad.timeSource(),
                bad.clockSkewMs(),
                "gap: " + refusal.reason(),
                bad.sequence(),
                bad.origin()));
    }

    /** A reading that nobody read: of the gateway's time at which silence became a gap, with the sequence of the last one that came. */
    private void addGap(Tracked silent, long since, int partition, long offset, Outcome out) {
        Source source = Objects.requireNonNull(silent.source());
        Duration maxGap = Objects.requireNonNull(silent.checks().maxGap());
        byte[] marker = readings.encode(new Reading(
                null,
                Quality.UNCERTAIN,
                new String(silent.asset(), StandardCharsets.UTF_8),
                new String(silent.parameter(), StandardCharsets.UTF_8),
                source.unit(),
                source.classification(),
                null,
                instant(since),
                TimeSource.GATEWAY,
                null,
                "gap: nothing came for more than %d ms".formatted(maxGap.toMillis()),
                silent.sequence(),
                source.origin()));
        out.clean.add(silent.asset(), marker, partition, offset);
    }

    private void refuse(Batch in, int i, Outcome out, Origin origin, Refusal refusal) {
        DeadLetter letter = DeadLetter.of(in, i, stage, refusal.code(), refusal.reason(), clock.instant(), origin);
        out.dead.add(in.key(i), deadLetters.encode(letter), in.partition(i), in.offset(i));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
