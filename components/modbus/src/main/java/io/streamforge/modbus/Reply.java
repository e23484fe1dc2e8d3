package io.streamforge.modbus;

import java.nio.ByteBuffer;

/** What came of one request on a connection that still stands. */
sealed interface Reply {

    /**
     * The device answered.
     *
     * @param bytes the data bytes alone, as many as the request asks for, big-endian
     */
    record Data(ByteBuffer bytes) implements Reply {}

    /**
     * The device refused.
     *
     * @param code the exception code of §7
     */
    record Refusal(int code) implements Reply {

        /** True if a smaller request may be answered: the device objects to the addresses or their number. */
        boolean aboutAddresses() {
            return code == ExceptionCode.ILLEGAL_DATA_ADDRESS || code == ExceptionCode.ILLEGAL_DATA_VALUE;
        }
    }

    /** The device did not answer in time. */
    record Silence() implements Reply {}
}
