/** The records that cross the stream, their Avro schemas and their two codecs; nothing here knows Camel, Kafka or a protocol. */
@NullMarked
package io.streamforge.model;

import org.jspecify.annotations.NullMarked;
