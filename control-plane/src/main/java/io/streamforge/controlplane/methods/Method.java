package io.streamforge.controlplane.methods;

import io.streamforge.controlplane.adapter.MethodArgument;
import io.streamforge.controlplane.adapter.WriteRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method of one asset's device on one gateway, as the active revision maps it.
 *
 * @param arguments in the method's order
 * @param rule under which conditions it may be called, null for not at all
 */
record Method(
        String gatewayId,
        String assetId,
        String name,
        String adapterId,
        List<MethodArgument> arguments,
        @Nullable WriteRule rule) {}
