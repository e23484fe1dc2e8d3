package io.streamforge.controlplane.sink;

import io.streamforge.controlplane.web.Ids;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * One destination as an integrator describes it.
 *
 * @param connector {@code id@version} from the catalogue
 * @param topics topics of the stream it delivers
 * @param parameters in the shape of the connector's schema
 */
public record SinkDefinition(
        @NotBlank @Pattern(regexp = Ids.PATTERN, message = Ids.RULE)
        String id,

        @NotBlank @Size(max = 200) String name,
        @NotBlank @Size(max = 200) String connector,
        @NotNull @NotEmpty List<String> topics,
        @NotNull ObjectNode parameters) {}
