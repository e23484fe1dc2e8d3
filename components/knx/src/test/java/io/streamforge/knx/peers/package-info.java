/** Other ends of a KNX installation. */
@NullMarked
package io.streamforge.knx.peers;

import org.jspecify.annotations.NullMarked;
