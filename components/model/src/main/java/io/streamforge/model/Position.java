package io.streamforge.model;

/**
 * How far a source has come with an exchange. The stream's producer keeps it together with the exchange's records or not at all, so that a source that can
 * go back neither repeats nor skips any after a crash.
 *
 * @param source whose it is; the same after a restart
 * @param text what the source makes of it, another for each of its exchanges; at most 4,000 bytes of UTF-8
 */
public record Position(String source, String text) {

    /** The exchange property that holds it. */
    public static final String PROPERTY = "StreamForgePosition";
}
