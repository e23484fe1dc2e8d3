package io.streamforge.plc;

import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Memory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.api.exceptions.PlcConnectionException;
import org.apache.plc4x.java.api.messages.PlcReadRequest;
import org.apache.plc4x.java.api.messages.PlcReadResponse;
import org.apache.plc4x.java.api.messages.PlcWriteResponse;
import org.apache.plc4x.java.api.types.PlcResponseCode;
import org.apache.plc4x.java.api.value.PlcValue;
import org.apache.plc4x.java.spi.values.PlcRawByteArray;
import org.jspecify.annotations.Nullable;

/**
 * A connection of PLC4X, from its opening to its only end. Every call of the driver is made on a thread of its own and waited for no longer than
 * the time-out, because a driver's call may block for ever; what the call was waiting for then ends with the channel ({@link Link}).
 */
final class S7Session implements Session {

    private static final String WRITTEN = "written";

    /** What ends the wait for an answer that cannot come any more. */
    private static final class Ended extends IOException {
        private static final long serialVersionUID = 1L;

        Ended(String reason) {
            super(reason);
        }
    }

    private final PlcConfig config;
    private final Link link;
    private final ExecutorService caller;
    private @Nullable PlcConnection connection;
    /** What is waited for. */
    private volatile CompletableFuture<?> pending = new CompletableFuture<>();

    private boolean answered;

    S7Session(PlcConfig config) {
        this.config = config;
        this.link = new Link(config, this::abandon);
        this.caller = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "plc " + config.device() + " call");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How a point is called in a request. */
    private static String tagName(Point point) {
        return String.valueOf(point.row());
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public void open() throws IOException, InterruptedException {
        try {
            connection = within(() -> CompletableFuture.completedFuture(connect()));
        } catch (TimeoutException e) {
            throw new IOException(
                    "no answer from %s to the connection request within %d ms"
                            .formatted(config.device(), config.timeout().toMillis()),
                    e);
        } catch (ExecutionException e) {
            throw new IOException("%s at %s".formatted(cause(e), config.device()), e);
        }
    }

    private PlcConnection connect() {
        try {
            PlcConnection opened = S7Stack.connection(config, link);
            opened.connect();
            return opened;
        } catch (PlcConnectionException e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public Reply read(List<Point> request) throws IOException, InterruptedException {
        PlcConnection current = connected();
        try {
            PlcReadResponse response = within(() -> {
                PlcReadRequest.Builder builder = current.readRequestBuilder();
                request.forEach(point -> builder.addTagAddress(tagName(point), S7Address.tag(memory(point))));
                return builder.build().execute();
            });
            answered = true;
            // A code is one point's own affair, but for the one with which the driver says that it failed itself: it
            // may have failed over one for all.
            return request.stream()
                            .allMatch(
                                    point -> response.getResponseCode(tagName(point)) == PlcResponseCode.INTERNAL_ERROR)
                    ? new Reply.Failure("driver: " + PlcResponseCode.INTERNAL_ERROR)
                    : new Reply.Answer(request.stream()
                            .map(point -> outcome(point, response))
                            .toList());
        } catch (TimeoutException e) {
            return new Reply.Lost("timeout: " + silence());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Ended ended) {
                if (link.ended()) {
                    throw ended;
                }
                return new Reply.Lost("protocol: " + ended.getMessage());
            }
            answered = true;
            return new Reply.Failure("driver: " + cause(e));
        }
    }

    private static Outcome outcome(Point point, PlcReadResponse response) {
        PlcResponseCode code = response.getResponseCode(tagName(point));
        if (code != PlcResponseCode.OK) {
            return refused(code);
        }
        int size = memory(point).bytes();
        PlcValue value = response.getPlcValue(tagName(point));
        byte[] bytes = value == null ? new byte[0] : size == 1 ? new byte[] {(byte) value.getShort()} : value.getRaw();
        List<@Nullable Value> elements = new ArrayList<>();
        for (int i = 0; i < point.variable().elements(); i++) {
            elements.add(bytes.length == size ? S7Data.decode(point, bytes, i) : null);
        }
        return new Reply.Got(elements);
    }

    private static Outcome refused(@Nullable PlcResponseCode code) {
        String text = code == null ? "no answer for this point" : code.name();
        return new Reply.Refused(text, text);
    }

    private static Memory memory(Point point) {
        return (Memory) point.variable();
    }

    @Override
    public Outcome write(Point point, Value value) throws IOException, InterruptedException {
        Memory memory = memory(point);
        byte[] bytes = S7Data.encode(point, value);
        if (memory.type() == DataType.BOOL) {
            return write(memory.area() + memory.start() + "." + memory.bit() + ":BOOL", bytes[0] != 0, value);
        }
        Value held = S7Data.decode(point, bytes, 0);
        Object raw = bytes.length == 1 ? (short) (bytes[0] & 0xFF) : new PlcRawByteArray(bytes);
        return write(S7Address.tag(memory), raw, held == null ? value : held);
    }

    private Outcome write(String tag, Object raw, Value held) throws IOException, InterruptedException {
        PlcConnection current = connected();
        try {
            PlcWriteResponse response = within(() -> current.writeRequestBuilder()
                    .addTagAddress(WRITTEN, tag, raw)
                    .build()
                    .execute());
            PlcResponseCode code = response.getResponseCode(WRITTEN);
            return code == PlcResponseCode.OK ? new Reply.Got(List.of(held)) : refused(code);
        } catch (TimeoutException e) {
            throw new IOException(silence(), e);
        } catch (ExecutionException e) {
            throw new IOException(cause(e), e);
        }
    }

    private PlcConnection connected() throws IOException {
        PlcConnection current = connection;
        if (current == null) {
            throw new IOException("not connected");
        }
        return current;
    }

    private String silence() {
        return "no answer within %d ms".formatted(config.timeout().toMillis());
    }

    private <T> T within(Supplier<? extends CompletableFuture<? extends T>> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> done = new CompletableFuture<>();
        pending = done;
        if (link.ended()) {
            abandon("the device closed the connection");
        }
        try {
            CompletableFuture.supplyAsync(call, caller)
                    .thenCompose(answer -> answer.<T>thenApply(own -> own))
                    .whenComplete((result, failure) -> {
                        if (failure == null) {
                            done.complete(result);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    });
        } catch (RejectedExecutionException e) {
            throw new ExecutionException("stopped", e);
        }
        return done.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void abandon(String reason) {
        pending.completeExceptionally(new Ended(reason));
    }

    private static String cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The threads end as soon as the channel is closed. */
    @Override
    public void close() {
        link.end();
        abandon("stopped");
        caller.shutdown();
    }
}
