/** The connectors and route templates that can be configured, read from their YAML and JSON files, and the checks of their parameters. */
@NullMarked
package io.streamforge.controlplane.catalogue;

import org.jspecify.annotations.NullMarked;
