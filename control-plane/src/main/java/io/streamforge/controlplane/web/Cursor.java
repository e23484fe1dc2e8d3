package io.streamforge.controlplane.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Where a list goes on: the key of the last item shown, opaque to the caller. */
public final class Cursor {

    private static final char SEPARATOR = '\u0000';

    private Cursor() {}

    /** The key's parts, or null at the list's beginning. */
    public static @Nullable List<String> read(@Nullable String cursor, int parts) {
        if (cursor == null) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            List<String> key = List.of(text.split(String.valueOf(SEPARATOR), -1));
            if (key.size() == parts) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // answered below, as for a cursor of another list
        }
        throw new ProblemException(
                HttpStatus.BAD_REQUEST, "invalid", "cursor must be the nextCursor of the last page of this list.");
    }

    /**
     * Makes a page.
     *
     * @param rows up to {@code limit + 1} rows: one more than is shown says that there is a next page
     */
    public static <T> Page<T> page(List<T> rows, int limit, Function<T, List<String>> key) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> shown = new ArrayList<>(rows.subList(0, limit));
        String text = String.join(String.valueOf(SEPARATOR), key.apply(shown.get(limit - 1)));
        return new Page<>(
                shown, Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }
}
