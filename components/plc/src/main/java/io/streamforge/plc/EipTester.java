package io.streamforge.plc;

/** Tries a Logix controller once. */
public final class EipTester extends PlcTester {

    public EipTester() {
        super(Driver.EIP, "ethernetip-source");
    }
}
