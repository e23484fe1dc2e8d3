/**
 * Camel component {@code plc:}: reads and writes points of a PLC.
 *
 * <p>One {@link io.streamforge.plc.PlcDevice} owns a PLC's only connection, a {@link io.streamforge.plc.Session}: opened, watched and given up here, whatever the protocol. What one point may
 * do to the others is undone by asking again in parts ({@link io.streamforge.plc.ReadPlan}). S7 is spoken by Apache PLC4X, which is not trusted with anything else: its calls may never
 * return, its connections may be dead and say they are not, and their threads may outlive them ({@link io.streamforge.plc.S7Session}, {@link io.streamforge.plc.Link}).
 */
@NullMarked
package io.streamforge.plc;

import org.jspecify.annotations.NullMarked;
