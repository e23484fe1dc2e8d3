package io.streamforge.it.bench;

/** The records that every variant of a race reads, numbered from 0 over its whole run. */
public interface Load {

    /** How many make one round. */
    int perRound();

    /** The record's key; the same bytes whenever it is asked. */
    byte[] key(long number);

    /** The record's value; the same bytes whenever it is asked. */
    byte[] value(long number);

    /** One round's keys and values again and again. */
    static Load repeating(byte[][][] round) {
        return new Load() {
            @Override
            public int perRound() {
                return round[0].length;
            }

            @Override
            public byte[] key(long number) {
                return round[0][(int) (number % perRound())];
            }

            @Override
            public byte[] value(long number) {
                return round[1][(int) (number % perRound())];
            }
        };
    }
}
