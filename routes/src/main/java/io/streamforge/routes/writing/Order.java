package io.streamforge.routes.writing;

import java.time.Instant;

/** Something that somebody wants done to a device: once, and not too late. */
public sealed interface Order permits WriteOrder, CallOrder {

    /** The same order is never carried out twice. */
    String id();

    String adapterId();

    /** Of the point or method. */
    String asset();

    /** The point's or method's name. */
    String parameter();

    /** The user. */
    String by();

    /** Not to be carried out after this, by the gateway's clock. */
    Instant expiresAt();

    /** Asset and parameter, as messages name what the order is for. */
    default String point() {
        return asset() + "/" + parameter();
    }
}
