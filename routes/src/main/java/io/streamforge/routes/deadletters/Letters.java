package io.streamforge.routes.deadletters;

import io.streamforge.model.DeadLetter;
import io.streamforge.model.LetterPlace;

/** Finds dead letters in the stream by their place. */
interface Letters {

    /** What stands there. */
    sealed interface Found {
        /** @param key of the letter's record: the asset's, UTF-8 */
        record Letter(byte[] key, DeadLetter letter) implements Found {}

        /** @param why a sentence */
        record Nothing(String why) implements Found {}
    }

    /** A look into the stream. */
    interface Session extends AutoCloseable {

        /** @throws RuntimeException if the stream does not answer: it can be asked again */
        Found at(LetterPlace place);

        @Override
        void close();
    }

    Session open();
}
