package io.streamforge.controlplane.tags;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/** Values a gateway was asked to post; {@code watchId} names the command that asked. */
record TagValues(@NotBlank String watchId, @NotNull List<@Valid TagValue> values) {}
