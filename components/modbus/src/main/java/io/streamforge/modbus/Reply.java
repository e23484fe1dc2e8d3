package io.streamforge.modbus;

import java.nio.ByteBuffer;

/** What came of one request on a connection that still stands. */
sealed interface Reply {

    /** What an error counter calls it. */
    String code();

    /**
     * The device answered.
     *
     * @param bytes the data bytes alone, as many as the request asks for, big-endian; what a write repeats
     */
    record Data(ByteBuffer bytes) implements Reply {
        @Override
        public String code() {
            return "";
        }
    }

    /**
     * The device refused.
     *
     * @param number the exception code of §7
     */
    record Refusal(int number) implements Reply {

        /** True if a smaller request may be answered: the device objects to the addresses or their number. */
        boolean aboutAddresses() {
            return number == ExceptionCode.ILLEGAL_DATA_ADDRESS || number == ExceptionCode.ILLEGAL_DATA_VALUE;
        }

        /** True if the device does not know the function. */
        boolean aboutFunction() {
            return number == ExceptionCode.ILLEGAL_FUNCTION;
        }

        /** True if it is a gateway that speaks, for a unit that did not. */
        boolean unitAway() {
            return number == ExceptionCode.GATEWAY_PATH_UNAVAILABLE
                    || number == ExceptionCode.GATEWAY_TARGET_DEVICE_FAILED_TO_RESPOND;
        }

        @Override
        public String code() {
            return ExceptionCode.text(number);
        }
    }

    /** The device did not answer in time. */
    record Silence() implements Reply {
        @Override
        public String code() {
            return "timeout";
        }
    }

    /** Bytes came in time, and no answer with a fitting check sum was among them. */
    record Garbled() implements Reply {
        @Override
        public String code() {
            return "checksum";
        }
    }
}
