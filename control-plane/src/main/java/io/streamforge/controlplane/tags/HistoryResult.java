package io.streamforge.controlplane.tags;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A gateway's result of the command {@code read-history}; what a gateway adds to it is left out. */
@JsonIgnoreProperties(ignoreUnknown = true)
record HistoryResult(@Nullable String unit, List<History.HistoryPoint> points) {}
