package io.streamforge.routes.writing;

import org.jspecify.annotations.Nullable;

/** What came of an order that reached the device. */
public sealed interface Outcome permits WriteResult, CallResult {

    /** Why it cannot be taken for carried out, null if it was. */
    @Nullable
    String error();
}
