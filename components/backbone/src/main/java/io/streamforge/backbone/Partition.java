package io.streamforge.backbone;

import io.streamforge.model.Batch.Note;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where a route stands in one partition it was assigned, and which of its records it could not get through. */
final class Partition {

    /** A whole cycle is tried so often before its records are tried by themselves. */
    private static final int ATTEMPTS_TOGETHER = 3;

    private static final int ATTEMPTS_ALONE = 3;

    /** Why a record was put aside. */
    record Poison(String reason, int attempts) {}

    private final TopicPartition id;
    private Position committed;
    private Position current;
    private long warmUntil;
    private long end;
    private long settled;
    private long offered;
    private int refusals;
    private boolean troubled;
    private @Nullable Suspect suspect;
    private final TreeMap<Long, Poison> poison = new TreeMap<>();

    /** @param next the offset that is delivered next */
    private record Position(long next, @Nullable Note note) {}

    Partition(TopicPartition id) {
        this.id = id;
        this.committed = new Position(0, null);
        this.current = committed;
    }

    TopicPartition id() {
        return id;
    }

    /** Takes the group's position as the truth. */
    void place(Positions.Start start) {
        committed = new Position(start.next(), start.note());
        current = committed;
        end = start.end();
        warmUntil = start.readFrom() < start.next() ? start.next() : 0;
        settled = start.readFrom();
        offered = start.readFrom();
        poison.headMap(start.readFrom()).clear();
    }

    /** Forgets what was delivered and not committed. */
    void rewound() {
        current = committed;
        offered = settled;
    }

    /** The offset that is delivered next. */
    long next() {
        return current.next();
    }

    /** Records that were in the log, when the position was looked up, and are not delivered yet. */
    long remaining() {
        return Math.max(0, end - current.next());
    }

    boolean warming() {
        return warmUntil > 0;
    }

    long warmUntil() {
        return warmUntil;
    }

    void warm() {
        warmUntil = 0;
    }

    @Nullable
    Note note() {
        return current.note();
    }

    void noted(Note note) {
        current = new Position(current.next(), note);
    }

    /** A batch with this partition's records of these offsets is about to be delivered. */
    void offer(long from, long upTo) {
        if (offered == settled) {
            settled = Math.max(settled, from);
        }
        offered = upTo;
    }

    /** All that was offered has been delivered; below the end of the warm-up that moves nothing. */
    void delivered() {
        reached(offered);
    }

    /** The record was put aside instead of delivered. */
    void passedOver(long offset) {
        settled = offset + 1;
        offered = settled;
        reached(settled);
    }

    /** Nothing below the offset is left to deliver. */
    void reached(long upTo) {
        if (upTo > current.next()) {
            current = new Position(upTo, current.note());
        }
    }

    boolean changed() {
        return !Objects.equals(current, committed);
    }

    OffsetAndMetadata toCommit() {
        return new OffsetAndMetadata(current.next(), CommitNote.format(current.note()));
    }

    /** All that was offered so far went through. */
    void committed() {
        committed = current;
        if (unsettled()) {
            refusals = 0;
            troubled = false;
            if (suspect != null) {
                suspect = suspect.passed(offered);
            }
            settled = offered;
        }
    }

    /** Whether records from this offset on must be tried by themselves. */
    boolean isolated(long offset) {
        return suspect != null || poison.ceilingKey(offset) != null;
    }

    /** The record's sentence, or null if it is to be delivered. */
    @Nullable
    Poison poison(long offset) {
        return poison.get(offset);
    }

    /** Up to which offset records from this one on may be tried together. */
    long border(long offset) {
        while (suspect != null && offset >= suspect.tryTo()) {
            suspect = suspect.passed(suspect.tryTo());
        }
        Long nextPoison = poison.ceilingKey(offset);
        long border = nextPoison == null ? Long.MAX_VALUE : nextPoison;
        if (suspect != null) {
            border = Math.min(border, offset < suspect.from() ? suspect.from() : suspect.tryTo());
        }
        return offset < warmUntil ? Math.min(border, warmUntil) : border;
    }

    boolean suspected() {
        return suspect != null;
    }

    /** Whether something was offered of which it is not known yet that it went through. */
    boolean unsettled() {
        return offered > settled;
    }

    /** What was offered and has not settled was refused; returns how often in a row. */
    int refused() {
        return ++refusals;
    }

    /** Whether something of it was refused and has not gone through since. */
    boolean inDoubt() {
        return refusals > 0 || suspect != null;
    }

    /**
     * Halves the stretch that was refused, once it was refused often enough as a whole.
     *
     * @param mayCondemn whether a record that was refused alone often enough may be put aside
     * @return true if a record was put aside now
     */
    boolean narrow(String reason, boolean mayCondemn) {
        if (suspect == null && refusals < ATTEMPTS_TOGETHER && !troubled) {
            return false;
        }
        Suspect narrowed = suspect == null || settled < suspect.from() || offered > suspect.tryTo()
                ? Suspect.of(settled, offered)
                : suspect.refused();
        if (mayCondemn && narrowed.attempts() >= ATTEMPTS_ALONE) {
            poison.put(narrowed.from(), new Poison(reason, narrowed.attempts()));
            suspect = null;
            refusals = 0;
            // The next one is suspected at once: poison seldom comes alone.
            troubled = true;
            return true;
        }
        suspect = narrowed;
        return false;
    }
}
