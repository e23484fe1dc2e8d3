package io.streamforge.demo.plant;

/** A simulated machine: its physics move only when it is stepped, so that a test runs hours of it in milliseconds. */
interface Machine {

    /** The name in messages, such as {@code boiler}. */
    String name();

    /**
     * Lets simulated time pass.
     *
     * @param seconds greater than 0 and at most {@link Simulation#LONGEST_STEP}
     */
    void step(double seconds);

    /**
     * Takes a new set point.
     *
     * @param reference of a holding register, as in {@link Registers}
     * @param count what is to stand in it, with its sign
     * @return what became of it
     */
    default Written write(int reference, short count) {
        return Written.NO_SUCH_REGISTER;
    }

    /** What a machine made of a write. */
    enum Written {
        TAKEN,
        BEYOND_RANGE,
        NO_SUCH_REGISTER
    }

    /** Writes what the machine's sensors read now, noise included, to where its Modbus map says. */
    void publish(Registers registers);
}
