package io.streamforge.controlplane.adapter;

import io.streamforge.controlplane.web.Ids;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One source connection as an integrator describes it.
 *
 * @param connector {@code id@version} from the catalogue
 * @param asset the machine its points belong to, unless a point names another
 * @param parameters in the shape of the connector's schema
 * @param points each in the shape of the connector's point schema
 * @param enabled whether it becomes a route; null means yes
 */
public record AdapterDefinition(
        @NotBlank @Pattern(regexp = Ids.PATTERN, message = Ids.RULE)
        String id,

        @NotBlank @Size(max = 200) String name,
        @NotBlank @Size(max = 200) String connector,

        @NotBlank
        @Pattern(regexp = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", message = "must be 1 to 128 letters, digits or . _ -")
        String asset,

        @NotNull ObjectNode parameters,
        @NotNull @Size(max = 50_000) List<ObjectNode> points,
        @Nullable Boolean enabled) {

    /** Whether it becomes a route. */
    public boolean runs() {
        return enabled == null || enabled;
    }
}
