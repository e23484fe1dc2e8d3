package io.streamforge.routes.writing;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order to call a method that reached the device.
 *
 * @param outputs what the method gave back, in its order; empty if it gave nothing, or failed
 * @param at when it was called, by the gateway's clock
 * @param error why it cannot be taken for carried out, null if the device said that it was
 */
public record CallResult(
        List<Output> outputs, Instant at, @Nullable String error) implements Outcome {

    /** @param value a number, flag or text as JSON has it, null if there is none that can be shown */
    public record Output(String name, @Nullable Object value) {}
}
