package io.streamforge.controlplane.tags;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A gateway's result of the command {@code read-history}. */
record HistoryResult(@Nullable String unit, List<History.HistoryPoint> points) {}
