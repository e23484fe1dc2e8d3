/**
 * Camel component {@code knx:}: listens to, asks and writes group addresses of a KNX installation through the tunnel of a KNXnet/IP interface.
 *
 * <p>One thread holds the connection, from {@link io.streamforge.knx.KnxDevice} down to {@link io.streamforge.knx.Tunnel}; what others want of it waits for its turn there.
 */
@NullMarked
package io.streamforge.knx;

import org.jspecify.annotations.NullMarked;
