package io.streamforge.controlplane.tags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/** Values a gateway was asked to post; {@code watchId} names the command that asked. */
@JsonIgnoreProperties(ignoreUnknown = true)
record TagValues(@NotBlank String watchId, @NotNull List<@Valid TagValue> values) {}
