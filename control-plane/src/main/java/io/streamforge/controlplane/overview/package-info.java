/** The one page that shows every gateway with its flow. */
@NullMarked
package io.streamforge.controlplane.overview;

import org.jspecify.annotations.NullMarked;
