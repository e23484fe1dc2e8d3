package io.streamforge.plc;

/** Lists a Logix controller's tags. */
public final class EipBrowser extends PlcBrowser {

    public EipBrowser() {
        super(Driver.EIP, "ethernetip-source", EipSession::new);
    }
}
