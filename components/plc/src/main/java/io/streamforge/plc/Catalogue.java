package io.streamforge.plc;

import io.streamforge.adapter.Browser.Page;
import java.io.IOException;
import java.util.List;

/** A connection on which a device says what it holds. */
interface Catalogue extends Session {

    /**
     * One page of what is below a place.
     *
     * @param place the names that lead to it, from the top
     * @param from how many to leave out
     * @param limit most in the answer
     * @throws IOException if the place is none, or the connection broke
     */
    Page list(List<String> place, int from, int limit) throws IOException, InterruptedException;
}
