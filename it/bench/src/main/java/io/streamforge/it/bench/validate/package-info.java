/** The validate bench's four variants, each in a JVM of its own: our route, a hand-written loop, a byte copy loop and a Kafka Streams topology. */
@NullMarked
package io.streamforge.it.bench.validate;

import org.jspecify.annotations.NullMarked;
