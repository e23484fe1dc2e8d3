package io.streamforge.controlplane.console;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the console's files are.
 *
 * @param dir directory with {@code index.html}; null: {@code static/} on the class path
 */
@ConfigurationProperties("streamforge.console")
record ConsoleSettings(@Nullable Path dir) {}
