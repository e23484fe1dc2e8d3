package io.streamforge.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.model.Sample;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tries a source's configuration once against the real device, before anything runs with it. Found with {@link java.util.ServiceLoader},
 * so that the gateway answers {@code test-connection} for every protocol in its distribution.
 */
public interface ConnectionTester {

    /** The connector (Kamelet) it can test, for instance {@code modbus-tcp-source}. */
    String connector();

    /**
     * Connects, reads every point once and disconnects; blocks until done.
     *
     * @param properties the connector's scalar properties; those left out take the connector's defaults
     * @param points the point table
     * @throws IllegalArgumentException if the configuration is wrong, with all its errors
     */
    Outcome test(JsonNode properties, JsonNode points);

    /**
     * Where the protocol finds each point, in the table's order, for an operator who compares it with a manual; empty if the row itself says so.
     *
     * @throws IllegalArgumentException if the configuration is wrong, with all its errors
     */
    default List<String> places(JsonNode properties, JsonNode points) {
        return List.of();
    }

    /**
     * What the device said.
     *
     * @param samples one per point, in the table's order; BAD with a reason where it could not be read
     * @param fault what is wrong as a sentence, empty if every point was read
     * @param took from the first connection attempt to the last answer
     */
    record Outcome(List<Sample> samples, Optional<String> fault, Duration took) {}
}
