/** The aggregate bench's three variants, each in a JVM of its own: our route, a hand-written window hash and Kafka Streams' in-memory windows. */
@NullMarked
package io.streamforge.it.bench.aggregate;

import org.jspecify.annotations.NullMarked;
