package io.streamforge.controlplane.gateway;

import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * Something a gateway is asked to do; the data of an SSE event {@code command}. It may arrive twice: the id tells.
 *
 * @param expiresAt not to be begun after this
 * @param arguments in the shape of its type: {@link Arguments}
 */
public record Command(UUID id, CommandType type, Instant expiresAt, JsonNode arguments) {}
