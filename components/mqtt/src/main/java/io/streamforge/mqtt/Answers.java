package io.streamforge.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what a broker answers on one connection; the library itself would go on waiting for the next one. */
final class Answers {

    private static final Duration GOODBYE = Duration.ofMillis(500);

    private final Duration timeout;
    private final CompletableFuture<Object> ended = new CompletableFuture<>();

    /** @param timeout for each answer */
    Answers(Duration timeout) {
        this.timeout = timeout;
    }

    /** The connection is gone: nothing is answered any more. */
    void end(Throwable cause) {
        ended.completeExceptionally(cause);
    }

    /**
     * @param what was asked, for the message
     * @throws IOException if the answer is a refusal, which is the cause's cause, or does not come
     */
    <T> T await(CompletableFuture<T> answer, String what) throws IOException, InterruptedException {
        try {
            // a connection has two parts: the network's and the protocol's, each with the time-out
            CompletableFuture.anyOf(answer, ended).get(timeout.toMillis() * 2, TimeUnit.MILLISECONDS);
            return answer.get(0, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(reason(e), e);
        } catch (TimeoutException e) {
            throw new IOException("%s was not answered in time".formatted(what), e);
        }
    }

    /** Waits a moment for an end that may as well not come. */
    void awaitQuietly(CompletableFuture<?> end) {
        try {
            end.get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // there is nobody to say goodbye to
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is told of a failure: the innermost message, because the library wraps the cause more than once. */
    static String reason(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null && inner.getCause() != inner) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message == null || message.isBlank() ? inner.getClass().getSimpleName() : message;
    }
}
