package io.streamforge.backbone;

import io.streamforge.model.UnavailableException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Tells a record's fault from an outage: a record must never be put aside because the other side was away. */
final class Failures {

    /** SQLSTATE classes that speak of the data: cardinality, data exception, integrity constraint. All others are the database's state. */
    private static final Set<String> SQL_DATA_CLASSES = Set.of("21", "22", "23");

    /** Whether trying again without this one record could help: true unless something in the chain of causes speaks of an outage. */
    static boolean canBeTheRecords(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isTheRecords(cause)) {
                return true;
            }
            if (cause instanceof Error
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof InterruptedException
                    || cause instanceof KafkaException
                    || cause instanceof UnavailableException
                    || (cause instanceof SQLException sql && !SQL_DATA_CLASSES.contains(sqlClass(sql)))) {
                return false;
            }
        }
        return true;
    }

    /** Whether an idempotent producer is of no more use after this. */
    static boolean endsProducer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isTheRecords(cause) || cause instanceof RetriableException || cause instanceof InterruptException) {
                return false;
            }
            if (cause instanceof KafkaException) {
                return true;
            }
        }
        return false;
    }

    /** Whether a question to the stream had no answer, by its fault or by that of the client that asked. A refusal is an answer. */
    static boolean unanswered(@Nullable Throwable failure) {
        return failure instanceof org.apache.kafka.common.errors.TimeoutException
                || !(failure instanceof ApiException || failure instanceof InterruptException);
    }

    /** The innermost cause that says something, with its type: what a person needs to act on. What says by itself that it is away is such a cause. */
    static String describe(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                root = cause;
            }
            if (cause instanceof UnavailableException) {
                break;
            }
        }
        return root.getMessage() == null
                ? root.getClass().getSimpleName()
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    private static boolean isTheRecords(Throwable cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof InvalidRecordException
                || cause instanceof InvalidTimestampException
                || cause instanceof SerializationException
                || (cause instanceof SQLException sql && SQL_DATA_CLASSES.contains(sqlClass(sql)));
    }

    private static String sqlClass(SQLException sql) {
        String state = sql.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private Failures() {}
}
