package io.streamforge.plc;

/** Lists a BACnet device's objects. */
public final class BacnetBrowser extends PlcBrowser {

    public BacnetBrowser() {
        super(Driver.BACNET, "bacnet-source", BacnetSession::new);
    }
}
