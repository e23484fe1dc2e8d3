package io.streamforge.backbone;

import io.streamforge.model.Batch.Note;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stage's note in a commit's metadata: {@code warm=<offset>;wm=<microseconds since the epoch>}, empty for none. */
final class CommitNote {

    private static final Pattern FORM = Pattern.compile("warm=(\\d{1,18});wm=(-?\\d{1,19})");

    static String format(@Nullable Note note) {
        return note == null ? "" : "warm=%d;wm=%d".formatted(note.warmOffset(), note.watermarkMicros());
    }

    /** Null if the metadata is not of this form: somebody else committed, for instance an operator who moved the position. */
    static @Nullable Note parse(@Nullable String metadata) {
        Matcher matcher = FORM.matcher(metadata == null ? "" : metadata);
        try {
            return matcher.matches()
                    ? new Note(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private CommitNote() {}
}
