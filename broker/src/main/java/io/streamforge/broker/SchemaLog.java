package io.streamforge.broker;

import java.util.List;

/** Where the registry keeps what it must not forget, in order. */
interface SchemaLog {

    /** One record as it stands in the log. */
    record Entry(long offset, String key, String value) {}

    /** @throws org.apache.kafka.common.KafkaException if it is not known to be kept: it may be there or not */
    void append(String key, String value);

    /** All that was kept, oldest first. */
    List<Entry> readAll();
}
