package io.streamforge.timescaledb;

/** The database refused what a record says, and will refuse it again: the stream's consumer looks for that record and puts it aside. */
final class RefusedRecordException extends RuntimeException {

    RefusedRecordException(String message) {
        super(message, null, false, false);
    }
}
