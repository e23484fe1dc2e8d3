package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.DeviceState;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Maps one exchange after the other: a source that hands over several at a time waits here, because the adapter's stage numbers one at a time. A body
 * that is no JSON makes every point BAD; it never fails the exchange, which a source would only send again.
 */
final class PayloadProducer extends DefaultProducer {

    private static final JsonMapper JSON = new JsonMapper();

    private final PayloadBook book;
    private final DeviceState state;
    private final Clock clock;
    private final Semaphore turn = new Semaphore(1, true);

    PayloadProducer(PayloadEndpoint endpoint, String name, PayloadMapping mapping, Clock clock) {
        super(endpoint);
        this.book = new PayloadBook(mapping);
        this.state = new DeviceState("Payload", name);
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        turn.acquire();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange done) {
                book.points().confirm();
                turn.release();
            }

            @Override
            public void onFailure(Exchange failed) {
                turn.release();
            }
        });
        try {
            read(exchange, now);
            state.answered(book.points());
        } catch (IOException e) {
            String reason = "value: the body is " + e.getMessage();
            book.fail(reason);
            state.error("value");
            state.silent(book.points(), reason);
        }
        exchange.getMessage().setBody(book.observations(now));
    }

    private void read(Exchange exchange, Instant now) throws IOException {
        Object body = exchange.getMessage().getBody();
        if (body instanceof JsonNode || body instanceof Map<?, ?> || body instanceof Collection<?>) {
            book.read(JSON.<JsonNode>valueToTree(body), now);
            return;
        }
        byte[] bytes = exchange.getMessage().getBody(byte[].class);
        if (bytes == null) {
            throw new IOException(
                    body == null ? "empty" : "not JSON but " + body.getClass().getName());
        }
        book.read(bytes, now);
    }
}
