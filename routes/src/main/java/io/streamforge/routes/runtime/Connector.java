package io.streamforge.routes.runtime;

/**
 * A Kamelet that the gateway knows.
 *
 * @param id its name
 * @param version by its annotation {@code streamforge.io/version}
 * @param parameters what a plan may give it
 */
record Connector(String id, String version, Parameters parameters) {}
