package io.streamforge.broker;

import java.nio.file.Path;

/**
 * How one embedded broker runs. Everything listens on 127.0.0.1; port 0 stands for a free one.
 *
 * @param data the directory that keeps everything; made if missing
 * @param port of the stream (Kafka protocol)
 * @param controllerPort of the KRaft controller, which only the process itself talks to
 * @param registryPort of the schema registry and health (HTTP)
 * @param fsync whether every batch reaches the disk before it is acknowledged: survives a loss of power, not only kill -9
 */
public record BrokerOptions(Path data, int port, int controllerPort, int registryPort, boolean fsync) {}
