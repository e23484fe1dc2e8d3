package io.streamforge.mqtt;

/** How a row reads a payload. */
enum Format {
    /** A JSON document, also one that is a single number, text, true or false. */
    JSON("json"),
    /** The payload is the value, as text. */
    PLAIN("plain"),
    /** Lines of cells with commas; each line is a list. */
    CSV("csv"),
    /** The same, but the first line names the cells: each line is an object. */
    CSV_HEADER("csv-header"),
    /** Sparkplug B 3.0. */
    SPARKPLUG("sparkplug");

    private final String key;

    Format(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
