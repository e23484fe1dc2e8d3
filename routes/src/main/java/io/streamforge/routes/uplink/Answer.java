package io.streamforge.routes.uplink;

import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param result in the shape the command asks for, null where it has none
 * @param error why it failed, null where it did not
 */
record Answer(
        Status status, @Nullable Object result, @Nullable String error) {

    enum Status {
        OK,
        FAILED
    }

    static Answer ok(@Nullable Object result) {
        return new Answer(Status.OK, result, null);
    }

    static Answer failed(String error) {
        return new Answer(Status.FAILED, null, error);
    }
}
