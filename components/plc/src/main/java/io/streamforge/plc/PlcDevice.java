package io.streamforge.plc;

import io.streamforge.adapter.Backoff;
import io.streamforge.adapter.DeviceState;
import io.streamforge.adapter.Pace;
import io.streamforge.adapter.PointBook;
import io.streamforge.adapter.PointBook.Signal;
import io.streamforge.adapter.PointWriter;
import io.streamforge.adapter.PolledDevice;
import io.streamforge.model.Classification;
import io.streamforge.model.Observation;
import io.streamforge.model.Quality;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One PLC with its points and its only connection: opened when a poll needs it, dropped when it breaks or leaves a single request unanswered,
 * opened again after a growing delay.
 */
final class PlcDevice implements PolledDevice, PointWriter {

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);

    private final PlcConfig config;
    private final List<Point> points;
    private final Clock clock;
    private final ReadPlan plan;
    private final PointBook book;
    private final DeviceState state;
    private final Pace pace;
    private final Backoff delays;
    /** Held by the poll, or by a read or a write beside it: a PLC is asked one thing at a time. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private volatile @Nullable Session session;
    private volatile boolean closed;
    private int answers;
    private boolean requested;
    private boolean unreachable;
    private long nextAttempt = System.nanoTime();
    private String downReason = "";

    /**
     * @param clock stamps each answer
     */
    PlcDevice(PlcConfig config, List<Point> points, Clock clock) {
        this.config = config;
        this.points = points;
        this.clock = clock;
        this.plan = new ReadPlan(
                points,
                config.maxTags(),
                point -> config.driver().bytes(point.variable()),
                config.driver().mostBytes());
        this.book = new PointBook(signals(points), signal -> signal);
        this.pace = new Pace(config.requestPause(), config.ceiling());
        this.state = new DeviceState(config.driver().title(), config.device(), pace);
        this.delays = new Backoff(FIRST_DELAY, config.reconnectMaxDelay());
    }

    /** One for each variable, and one for each element of an array. */
    private static List<Signal> signals(List<Point> points) {
        List<Signal> signals = new ArrayList<>();
        for (Point point : points) {
            for (int i = 0; i < point.variable().elements(); i++) {
                String name = point.variable().elements() == 1 ? point.name() : point.name() + "[" + i + "]";
                signals.add(new Signal(name, point.asset(), point.unit(), point.event()));
            }
        }
        return signals;
    }

    @Override
    public List<Observation> poll() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            return readOnce();
        } finally {
            turn.unlock();
        }
    }

    private List<Observation> readOnce() throws InterruptedException {
        answers = 0;
        requested = false;
        book.begin();
        plan.refused().forEach(this::mark);
        boolean whole = false;
        try {
            if (session != null || System.nanoTime() - nextAttempt >= 0) {
                readAll();
                whole = true;
            }
        } catch (IOException e) {
            drop(e);
        }
        settle(whole && (answers > 0 || !requested));
        return book.observations(now());
    }

    @Override
    public void confirm() {
        book.confirm();
    }

    @Override
    public OptionalLong nextAttempt() {
        return session == null ? OptionalLong.of(nextAttempt) : OptionalLong.empty();
    }

    @Override
    public void connect() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            connected();
        } catch (IOException e) {
            drop(e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public List<Sample> read(List<Integer> rows) {
        return rows.stream().map(points::get).map(this::sample).toList();
    }

    private Sample sample(Point point) {
        Value value = null;
        String reason = "value: an array cannot be read by itself";
        if (point.variable().elements() == 1) {
            try {
                Reply reply = inTurn(() -> connected().read(List.of(point)));
                if (reply instanceof Reply.Answer answer) {
                    Outcome outcome = answer.outcomes().get(0);
                    value = outcome instanceof Reply.Got got ? got.elements().get(0) : null;
                    reason = outcome instanceof Reply.Refused refused ? refused.reason() : mismatch(point);
                } else if (reply instanceof Reply.Failure failure) {
                    reason = failure.reason();
                } else if (reply instanceof Reply.Lost lost) {
                    reason = lost.reason();
                }
            } catch (IOException e) {
                reason = "connection: " + reason(config, e);
            }
        }
        return new Sample(
                point.asset(),
                point.name(),
                value,
                point.unit(),
                Classification.TELEMETRY,
                value == null ? Quality.BAD : Quality.GOOD,
                value == null ? reason : null,
                null,
                now());
    }

    @Override
    public Value write(int row, Value value) throws IOException {
        Point point = points.get(row);
        Outcome outcome = inTurn(() -> connected().write(point, value));
        if (outcome instanceof Reply.Refused refused) {
            throw new IOException("%s was not written: %s".formatted(point.name(), refused.reason()));
        }
        Value held = ((Reply.Got) outcome).elements().get(0);
        return held == null ? value : held;
    }

    /** A call that waits for the connection, and drops it if it fails or was left without an answer. */
    private <T> T inTurn(Call<T> call) throws IOException {
        try {
            turn.lockInterruptibly();
            try {
                begin();
                T result = call.make();
                if (result instanceof Reply.Lost) {
                    closeSession();
                }
                return result;
            } catch (IOException e) {
                closeSession();
                throw e;
            } finally {
                pace.end();
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private interface Call<T> {
        T make() throws IOException, InterruptedException;
    }

    @Override
    public DeviceState state() {
        return state;
    }

    @Override
    public void close() {
        closed = true;
        pace.close();
        closeSession();
    }

    private void readAll() throws IOException, InterruptedException {
        Optional<Point> due = plan.due(System.nanoTime());
        for (List<Point> request : plan.requests(System.nanoTime())) {
            readAll(request);
        }
        if (due.isPresent()) {
            Point point = due.get();
            if (readAll(List.of(point))) {
                plan.accept(point, System.nanoTime());
            }
        }
    }

    /** Reads points, in halves if they fail together; true if every one of them was read. */
    private boolean readAll(List<Point> request) throws IOException, InterruptedException {
        Reply reply = ask(request);
        if (reply instanceof Reply.Answer answer) {
            return take(request, answer.outcomes());
        }
        if (reply instanceof Reply.Failure failure) {
            fail(request, "driver", failure.reason());
            return readHalves(request);
        }
        if (reply instanceof Reply.Lost lost) {
            lost(request, lost.reason());
        }
        return false;
    }

    /** A point that failed among others is at fault only if it fails alone. */
    private boolean readHalves(List<Point> request) throws IOException, InterruptedException {
        if (request.size() == 1) {
            String reason = book.failure(request.get(0).row());
            plan.refuse(request.get(0), reason == null ? "" : reason, System.nanoTime());
            return false;
        }
        boolean all = true;
        for (List<Point> half : ReadPlan.halves(request)) {
            all &= readAll(half);
        }
        if (all) {
            plan.separate(request, System.nanoTime());
        }
        return all;
    }

    /** The connection is lost with the answer; where it had answered before, the poll goes on over a new one. */
    private void lost(List<Point> request, String reason) throws IOException, InterruptedException {
        Session lost = session;
        boolean answered = lost != null && lost.answered();
        fail(request, reason.substring(0, reason.indexOf(':')), reason);
        plan.silent(request, answered, reason, System.nanoTime());
        closeSession();
        if (!answered) {
            throw new IOException(reason);
        }
        connected();
    }

    private Reply ask(List<Point> request) throws IOException, InterruptedException {
        requested = true;
        Session current = connected();
        begin();
        long asked = System.nanoTime();
        Reply reply;
        try {
            reply = current.read(request);
        } finally {
            pace.end();
        }
        if (!(reply instanceof Reply.Lost)) {
            state.answer(System.nanoTime() - asked);
            delays.reset();
            answers++;
        }
        return reply;
    }

    private void begin() throws IOException, InterruptedException {
        if (!pace.begin()) {
            throw new IOException("stopped");
        }
    }

    private Session connected() throws IOException, InterruptedException {
        Session current = session;
        if (current == null) {
            current = config.driver().session(config, pace);
            session = current;
            if (closed) {
                throw new IOException("stopped");
            }
            try {
                current.open();
            } catch (IOException e) {
                unreachable = true;
                throw e;
            }
        }
        return current;
    }

    private void drop(IOException e) {
        closeSession();
        nextAttempt = System.nanoTime() + delays.next();
        downReason = "connection: " + reason(config, e);
        if (!closed) {
            state.error("connection");
        }
    }

    /** The network's own words name no address, and of a closed UDP port there are none. */
    static String reason(PlcConfig config, IOException e) {
        if (e instanceof UnknownHostException) {
            return "the host '%s' is not known".formatted(config.host());
        }
        if (e instanceof SocketException || e instanceof SocketTimeoutException) {
            String what = e instanceof PortUnreachableException ? "the port is not open" : e.getMessage();
            return "%s at %s:%d".formatted(what, config.host(), config.port());
        }
        return String.valueOf(e.getMessage());
    }

    private void closeSession() {
        Session current = session;
        session = null;
        if (current != null) {
            current.close();
        }
    }

    /** Takes what was read; true if every point was. */
    private boolean take(List<Point> request, List<Outcome> outcomes) {
        Instant now = now();
        boolean all = true;
        for (int i = 0; i < request.size(); i++) {
            Point point = request.get(i);
            Outcome outcome = outcomes.get(i);
            if (outcome instanceof Reply.Got got) {
                take(point, got.elements(), now);
            } else if (outcome instanceof Reply.Refused refused) {
                fail(List.of(point), refused.error(), refused.reason());
                all = false;
            }
        }
        return all;
    }

    private void take(Point point, List<@Nullable Value> elements, Instant now) {
        for (int i = 0; i < elements.size(); i++) {
            Value value = elements.get(i);
            int row = point.row() + i;
            if (value == null) {
                state.error("value");
                book.fail(row, mismatch(point));
            } else if (value instanceof Value.Real real && !Double.isFinite(real.value())) {
                state.error("value");
                book.fail(row, "value: %s is not finite".formatted(real.value()));
            } else {
                book.read(row, value, now);
            }
        }
    }

    private static String mismatch(Point point) {
        return "value: what the PLC holds is no " + point.variable().shown();
    }

    private void fail(List<Point> failed, String error, String reason) {
        state.error(error);
        failed.forEach(point -> mark(point, reason));
    }

    private void mark(Point point, String reason) {
        for (int i = 0; i < point.variable().elements(); i++) {
            book.fail(point.row() + i, reason);
        }
    }

    /** Draws the poll's balance: what was not read has failed. */
    private void settle(boolean answered) {
        book.failTheRest(downReason);
        if (answered) {
            state.answered(book);
            if (unreachable) {
                unreachable = false;
                plan.forget();
            }
        } else if (!closed) {
            state.silent(book, downReason);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
