package io.streamforge.it.bench;

import java.util.function.Supplier;

/**
 * One variant in a race.
 *
 * @param name as the results call it
 * @param broker the stream it reads and writes; variants whose topics have the same names need one each
 * @param input the topic it reads
 * @param group the consumer group whose positions say how far it is
 * @param start starts its JVM, which must say {@code ready}
 */
public record Entrant(String name, BenchBroker broker, String input, String group, Supplier<Child> start) {}
