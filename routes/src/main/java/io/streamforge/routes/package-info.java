/** The gateway: a process that runs a route plan on Apache Camel, with or without its control plane. */
@NullMarked
package io.streamforge.routes;

import org.jspecify.annotations.NullMarked;
