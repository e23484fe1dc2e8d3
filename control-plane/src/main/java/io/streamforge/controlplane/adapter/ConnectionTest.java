package io.streamforge.controlplane.adapter;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

/** Asks a gateway to try an adapter before it is saved or deployed. */
record ConnectionTest(
        @NotBlank String gatewayId, @NotNull @Valid AdapterDefinition adapter) {}
