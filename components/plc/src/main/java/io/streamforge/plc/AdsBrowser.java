package io.streamforge.plc;

/** Lists a TwinCAT runtime's variables. */
public final class AdsBrowser extends PlcBrowser {

    public AdsBrowser() {
        super(Driver.ADS, "ads-source", AdsSession::new);
    }
}
