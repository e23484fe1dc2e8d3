package io.streamforge.demo;

import java.util.List;

/** The demo cannot go on; the message is for the person who started it and says what to do. */
final class DemoException extends RuntimeException {

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }

    /** All problems of one kind at once. */
    DemoException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
