/** Derives the OpenAPI document from the handlers and records of the other packages. */
@NullMarked
package io.streamforge.controlplane.openapi;

import org.jspecify.annotations.NullMarked;
