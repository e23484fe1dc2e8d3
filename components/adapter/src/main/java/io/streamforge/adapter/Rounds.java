package io.streamforge.adapter;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * When the polled sources of a context have their turns. All begin on the strokes of one clock; those of one interval and one stroke that can ask before
 * they read make a round: a thread sends all their requests, takes the answers that are there, and waits for the others last. So no thread has to be
 * woken for each device and each answer, and their records share batches.
 *
 * <p>Whose device has answered waits for no neighbour for long: another thread then goes on with those that had no turn yet, and these first.
 * There is always one thread more than are at work, so each may block.
 */
final class Rounds extends ServiceSupport {

    private static final long STROKE = Duration.ofMillis(25).toNanos();

    /** Whoever has waited so long for a turn is given it by another thread. */
    private static final long PATIENCE = Duration.ofMillis(10).toNanos();

    /** A source, as its round sees it. */
    interface Member {

        /**
         * Its turn is due: it sends what can be sent without waiting.
         *
         * @param missed turns before this one that nobody could give it
         * @return false if it is still busy with an earlier turn
         */
        boolean begin(long missed);

        /** Whether its turn has begun, and nobody has served it. */
        boolean waits();

        /** Whether it can be served without waiting for its device. */
        boolean answered();

        /** Gives it its turn, unless somebody else has. */
        void serve();
    }

    /** @param stroke when in the period it is, in nanoseconds */
    private record Key(long period, long stroke) {}

    /** One works, the other waits for the next stroke. */
    private static final int FEWEST_THREADS = 2;

    private final Threads threads;
    /** Guarded by this. */
    private final Map<Key, Round> rounds = new HashMap<>();

    private Rounds(CamelContext context) {
        threads = new Threads(context);
    }

    /** Those of the context, made with the first source that needs them. */
    static synchronized Rounds of(CamelContext context) throws Exception {
        Rounds rounds = context.hasService(Rounds.class);
        if (rounds == null) {
            rounds = new Rounds(context);
            context.addService(rounds);
        }
        return rounds;
    }

    /**
     * Gives a source a turn every period.
     *
     * @param together whether it can ask before it reads, and does not wait for the stream in its turn
     * @return how to leave again
     */
    synchronized Runnable join(Member member, Duration period, boolean together) {
        long first = nextStroke();
        Round round;
        if (together) {
            Key key = new Key(period.toNanos(), Math.floorMod(first, period.toNanos()));
            round = rounds.computeIfAbsent(key, fresh -> new Round(key.period, first));
        } else {
            round = new Round(period.toNanos(), first);
        }
        round.add(member);
        return () -> leave(round, member);
    }

    private synchronized void leave(Round round, Member member) {
        if (round.remove(member)) {
            rounds.values().remove(round);
        }
        threads.shrink();
    }

    /** @param at by {@link System#nanoTime} */
    Future<?> schedule(Runnable work, long at) {
        return threads.schedule(work, at - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private static long nextStroke() {
        long now = System.nanoTime();
        return now + STROKE - Math.floorMod(now, STROKE);
    }

    @Override
    protected void doStop() {
        threads.shutdownNow();
    }

    /** Always one more than are at work. */
    private static final class Threads extends ScheduledThreadPoolExecutor {

        private int busy;

        Threads(CamelContext context) {
            super(FEWEST_THREADS, work -> context.getExecutorServiceManager().newThread("polls", work));
            setRemoveOnCancelPolicy(true);
        }

        @Override
        protected synchronized void beforeExecute(Thread thread, Runnable work) {
            busy++;
            if (busy >= getCorePoolSize()) {
                setCorePoolSize(busy + 1);
            }
        }

        @Override
        protected synchronized void afterExecute(Runnable work, @Nullable Throwable thrown) {
            busy--;
        }

        synchronized void shrink() {
            setCorePoolSize(Math.max(FEWEST_THREADS, busy + 1));
        }
    }

    /** Those whose turns are due at the same time. */
    private final class Round implements Runnable {

        private final long period;
        private final List<Member> members = new CopyOnWriteArrayList<>();
        private long due;
        private @Nullable Future<?> next;

        Round(long period, long first) {
            this.period = period;
            this.due = first;
        }

        synchronized void add(Member member) {
            members.add(member);
            if (next == null) {
                next = schedule(this, due);
            }
        }

        /** True if nobody is left. */
        synchronized boolean remove(Member member) {
            members.remove(member);
            if (members.isEmpty() && next != null) {
                next.cancel(false);
            }
            return members.isEmpty();
        }

        @Override
        public void run() {
            turns(members, advance());
        }

        /** Turns that should have been since the last one: nobody had time for them. */
        private synchronized long advance() {
            long missed = Math.max(0, System.nanoTime() - due) / period;
            due += (missed + 1) * period;
            if (!members.isEmpty()) {
                next = schedule(this, due);
            }
            return missed;
        }
    }

    private void turns(List<Member> members, long missed) {
        List<Member> begun = new ArrayList<>(members.size());
        for (Member member : members) {
            if (member.begin(missed)) {
                begun.add(member);
            }
        }
        Future<?> help = begun.size() > 1 ? help(begun) : null;
        serve(begun);
        if (help != null) {
            help.cancel(false);
        }
    }

    /** Those first for whose devices nobody has to wait. */
    private static void serve(List<Member> begun) {
        for (Member member : begun) {
            if (member.answered()) {
                member.serve();
            }
        }
        begun.forEach(Member::serve);
    }

    /** Goes on with a round in which somebody waits, or is waited for, too long. */
    private Future<?> help(List<Member> begun) {
        return schedule(
                () -> {
                    if (begun.stream().anyMatch(Member::waits)) {
                        help(begun);
                        serve(begun);
                    }
                },
                System.nanoTime() + PATIENCE);
    }
}
