package io.streamforge.controlplane.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The demo plant.
 *
 * @param plant JSON file with its adapters, sinks, rules and deployment; null: there is none to load
 */
@ConfigurationProperties("streamforge.demo")
record DemoPlantSettings(@Nullable Path plant) {}
