package io.streamforge.controlplane.web;

/** The shape of the ids people choose: they become parts of route ids, topics' keys and file names. */
public final class Ids {

    /** Lower case letters, digits and hyphens, 1 to 63 characters, beginning with a letter or digit. */
    public static final String PATTERN = "^[a-z0-9][a-z0-9-]{0,62}$";

    public static final String RULE = "must be 1 to 63 lower case letters, digits or hyphens";

    private Ids() {}
}
