package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.adapter.WriteRule;
import org.jspecify.annotations.Nullable;

/**
 * One signal of one asset on one gateway, as the active revision maps it.
 *
 * @param writeRule under which conditions it may be written, null for not at all
 */
record Tag(
        String gatewayId,
        String assetId,
        String parameter,
        @Nullable String unit,
        String adapterId,
        @Nullable WriteRule writeRule) {}
