package io.streamforge.controlplane.tags;

import org.jspecify.annotations.Nullable;

/** One signal of one asset on one gateway, as the active revision maps it. */
record Tag(
        String gatewayId,
        String assetId,
        String parameter,
        @Nullable String unit,
        String adapterId) {}
