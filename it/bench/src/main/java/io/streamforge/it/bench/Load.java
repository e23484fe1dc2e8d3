package io.streamforge.it.bench;

/** The records that every variant of a race reads, numbered from 0 over its whole run. */
public interface Load {

    /** How many make one round. */
    int perRound();

    /** The record's key; the same bytes whenever it is asked. */
    byte[] key(long number);

    /** The record's value; the same bytes whenever it is asked. */
    byte[] value(long number);
}
