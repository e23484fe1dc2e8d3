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

    /** Writes what the machine's sensors read now, noise included, to where its Modbus map says. */
    void publish(Registers registers);
}
