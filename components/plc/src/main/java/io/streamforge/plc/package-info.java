/**
 * Camel component {@code plc:}: reads points of a PLC through a driver of Apache PLC4X.
 *
 * <p>PLC4X knows the protocols; it is not trusted with anything else. Its calls may never return, its connections may be dead and say they are
 * not, and their threads may outlive them. So each connection is opened, watched and torn down here ({@link io.streamforge.plc.Session}, {@link io.streamforge.plc.Link}), and what
 * one point may do to the others is undone by asking again in parts ({@link io.streamforge.plc.ReadPlan}).
 */
@NullMarked
package io.streamforge.plc;

import org.jspecify.annotations.NullMarked;
