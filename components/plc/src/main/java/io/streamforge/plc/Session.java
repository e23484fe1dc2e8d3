package io.streamforge.plc;

import io.streamforge.plc.Driver.Write;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.plc4x.java.api.PlcConnection;
import org.apache.plc4x.java.api.messages.PlcReadRequest;
import org.apache.plc4x.java.api.messages.PlcWriteResponse;
import org.apache.plc4x.java.api.types.PlcResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a driver, from its opening to its only end. Every call of the driver is made on a thread of its own and waited for no longer than
 * the time-out, because a driver's call may block for ever; what the call was waiting for then ends with the channel ({@link Link}).
 */
final class Session implements Closeable {

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

    Session(PlcConfig config) {
        this.config = config;
        this.link = new Link(config, this::abandon);
        this.caller = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "plc " + config.device() + " call");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** How a point is called in a request. */
    static String tagName(Point point) {
        return String.valueOf(point.row());
    }

    /** True if the device has answered a request on this connection. */
    boolean answered() {
        return answered;
    }

    /** @throws IOException saying why there is no connection */
    void open() throws IOException, InterruptedException {
        try {
            connection = within(() -> {
                PlcConnection opened = config.driver().connection(config, link);
                opened.connect();
                return CompletableFuture.completedFuture(opened);
            });
        } catch (TimeoutException e) {
            throw new IOException(
                    "no answer from %s to the connection request within %d ms"
                            .formatted(config.device(), config.timeout().toMillis()),
                    e);
        } catch (ExecutionException e) {
            throw new IOException("%s at %s".formatted(cause(e), config.device()), e);
        }
    }

    /**
     * @throws IOException if the connection broke
     */
    Reply read(List<Point> request) throws IOException, InterruptedException {
        PlcConnection current = connected();
        try {
            Reply reply = new Reply.Answer(within(() -> {
                PlcReadRequest.Builder builder = current.readRequestBuilder();
                request.forEach(point ->
                        builder.addTagAddress(tagName(point), config.driver().tag(point.variable())));
                return builder.build().execute();
            }));
            answered = true;
            return reply;
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

    /**
     * Writes one point.
     *
     * @throws IOException if the device did not say that it took the value
     */
    PlcResponseCode write(Write write) throws IOException, InterruptedException {
        PlcConnection current = connected();
        try {
            PlcWriteResponse response = within(() -> current.writeRequestBuilder()
                    .addTagAddress(WRITTEN, write.tag(), write.value())
                    .build()
                    .execute());
            return response.getResponseCode(WRITTEN);
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

    private <T> T within(Callable<? extends CompletableFuture<? extends T>> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<T> done = new CompletableFuture<>();
        pending = done;
        if (link.ended()) {
            abandon("the device closed the connection");
        }
        try {
            caller.execute(() -> {
                try {
                    call.call().whenComplete((result, failure) -> {
                        if (failure == null) {
                            done.complete(result);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    });
                } catch (Throwable e) {
                    done.completeExceptionally(e);
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

    /** Never blocks; the threads end as soon as the channel is closed. */
    @Override
    public void close() {
        link.end();
        abandon("stopped");
        caller.shutdown();
    }
}
