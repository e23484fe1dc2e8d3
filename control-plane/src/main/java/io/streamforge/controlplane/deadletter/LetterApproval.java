package io.streamforge.controlplane.deadletter;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** @param value takes the place of the record's own; null to approve it as it is */
record LetterApproval(@Nullable JsonNode value) {}
