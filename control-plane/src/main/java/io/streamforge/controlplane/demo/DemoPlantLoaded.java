package io.streamforge.controlplane.demo;

/** Where the demo plant went. */
record DemoPlantLoaded(String deploymentId, int revision) {}
