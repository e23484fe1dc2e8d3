package io.streamforge.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange has sent and not yet heard of. A source that need not know at once hangs one on its exchange: then the stream's producer does not wait,
 * and the source asks here before its next exchange, when the answer has come as a rule, so that no thread is woken for it alone. For one thread at a
 * time.
 */
public final class Receipt {

    /** The exchange property that holds it. */
    public static final String PROPERTY = "StreamForgeReceipt";

    /** Records on their way. */
    public interface Sent {

        /** Waits until the stream has acknowledged all of them; throws if it may not have them all. */
        void await() throws InterruptedException;

        /** Whether the stream has acknowledged all of them by now. */
        boolean isTaken();
    }

    /** Whoever must know how it ended. */
    public interface Ending {

        /** @param taken false if the stream may not have all of it */
        void ended(boolean taken);
    }

    private final List<Sent> sent = new ArrayList<>(1);
    private @Nullable Ending ending;

    public void add(Sent records) {
        sent.add(records);
    }

    /** Who is told, once, how it ended. */
    public void tell(Ending who) {
        ending = who;
    }

    /** Waits for all that was sent; throws if the stream may not have all of it. */
    public void settle() throws InterruptedException {
        boolean taken = false;
        try {
            for (Sent records : sent) {
                records.await();
            }
            taken = true;
        } finally {
            end(taken);
        }
    }

    /** Whether {@link #settle} would neither wait nor throw. */
    public boolean isTaken() {
        return sent.stream().allMatch(Sent::isTaken);
    }

    /** Waits no longer: it counts as not taken, unless it is settled already. */
    public void abandon() {
        end(false);
    }

    private void end(boolean taken) {
        Ending who = ending;
        ending = null;
        if (who != null) {
            who.ended(taken);
        }
    }
}
