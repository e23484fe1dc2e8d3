package io.streamforge.plc;

/** Tries a TwinCAT runtime once. */
public final class AdsTester extends PlcTester {

    public AdsTester() {
        super(Driver.ADS, "ads-source");
    }
}
