package io.streamforge.controlplane.demo;

import jakarta.validation.constraints.NotBlank;

/** Asks for the demo plant on one gateway. */
record DemoPlantRequest(@NotBlank String gatewayId) {}
