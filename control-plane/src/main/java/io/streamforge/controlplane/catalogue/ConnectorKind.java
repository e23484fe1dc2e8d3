package io.streamforge.controlplane.catalogue;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which way a connector carries data. */
public enum ConnectorKind {
    @JsonProperty("source")
    SOURCE,
    @JsonProperty("sink")
    SINK
}
