package io.streamforge.plc;

/** Tries a BACnet/IP device once. */
public final class BacnetTester extends PlcTester {

    public BacnetTester() {
        super(Driver.BACNET, "bacnet-source");
    }
}
