package io.streamforge.controlplane.web;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/**
 * One client's server-sent events. Whoever has something to say never waits for the client's connection: events queue, a
 * pool writes them in order, and a client that does not read is dropped.
 */
public final class EventStream {

    private static final int QUEUE = 1000;

    private final SseEmitter emitter;
    private final Executor writers;
    private final ArrayDeque<SseEventBuilder> queue = new ArrayDeque<>();
    private boolean writing;
    private boolean closed;

    /**
     * @param life after which the client has to come again, zero for no end
     * @param onClose runs once when the client has gone or was dropped
     */
    public EventStream(Duration life, Executor writers, Runnable onClose) {
        this.emitter = new SseEmitter(life.toMillis());
        this.writers = writers;
        emitter.onCompletion(() -> {
            markClosed();
            onClose.run();
        });
        emitter.onTimeout(this::close);
        emitter.onError(e -> markClosed());
    }

    /** What a handler returns. */
    public SseEmitter emitter() {
        return emitter;
    }

    /** Sends an event, later if the client is slow. */
    public void send(String name, Object data) {
        enqueue(SseEmitter.event().name(name).data(data, MediaType.APPLICATION_JSON));
    }

    /** Sends a comment that tells both ends that the other is there. */
    public void keepAlive() {
        enqueue(SseEmitter.event().comment("keep-alive"));
    }

    /** Ends the stream. */
    public void close() {
        if (markClosed()) {
            emitter.complete();
        }
    }

    private void enqueue(SseEventBuilder event) {
        boolean overrun;
        synchronized (queue) {
            if (closed) {
                return;
            }
            overrun = queue.size() >= QUEUE;
            if (!overrun) {
                queue.add(event);
            }
            if (writing && !overrun) {
                return;
            }
            writing = true;
        }
        if (overrun) {
            close();
        } else {
            writers.execute(this::drain);
        }
    }

    private void drain() {
        while (true) {
            SseEventBuilder event;
            synchronized (queue) {
                event = closed ? null : queue.poll();
                if (event == null) {
                    writing = false;
                    return;
                }
            }
            try {
                emitter.send(event);
            } catch (IOException | IllegalStateException e) {
                // the client has gone: the container reports it to onError and onCompletion
                markClosed();
            }
        }
    }

    private boolean markClosed() {
        synchronized (queue) {
            boolean first = !closed;
            closed = true;
            queue.clear();
            return first;
        }
    }
}
