package io.streamforge.plc;

/** Tries an S7 PLC once. */
public final class S7Tester extends PlcTester {

    public S7Tester() {
        super(Driver.S7, "s7-source");
    }
}
