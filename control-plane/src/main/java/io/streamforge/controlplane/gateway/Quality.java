package io.streamforge.controlplane.gateway;

/** How far a value can be trusted, in OPC UA's terms as the stream carries them. */
public enum Quality {
    GOOD,
    SUSPECT,
    UNCERTAIN,
    BAD
}
