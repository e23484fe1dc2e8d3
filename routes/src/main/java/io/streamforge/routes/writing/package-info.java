/** Writes to devices: one place that holds every write against its point's rule, and remembers what it has begun. */
@NullMarked
package io.streamforge.routes.writing;

import org.jspecify.annotations.NullMarked;
