/** Tests of the backbone component; those named IT run against a real broker. */
@NullMarked
package io.streamforge.backbone;

import org.jspecify.annotations.NullMarked;
