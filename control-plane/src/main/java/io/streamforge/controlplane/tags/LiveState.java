package io.streamforge.controlplane.tags;

/** Whether live values can be expected; the data of an SSE event {@code state}. */
record LiveState(Liveness state) {

    enum Liveness {
        /** The gateway holds its command channel open and was asked for the values. */
        LIVE,
        /** The gateway does not: shown values grow old. */
        GATEWAY_OFFLINE
    }
}
