package io.streamforge.routes.writing;

/** An order was refused before anything was written; the message is a sentence that names the point and the rule. */
public final class WriteRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    WriteRefusedException(String message) {
        super(message);
    }
}
