package io.streamforge.backbone;

import io.streamforge.model.Batch.Note;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stage's note in a commit's metadata: {@code warm=<offset>;wm=<microseconds since the epoch>;by=<digest>}, empty for none; without a digest for 0. */
public final class CommitNote {

    private static final Pattern FORM = Pattern.compile("warm=(\\d{1,18});wm=(-?\\d{1,19})(?:;by=(-?\\d{1,10}))?");

    static String format(@Nullable Note note) {
        if (note == null) {
            return "";
        }
        String plain = "warm=%d;wm=%d".formatted(note.warmOffset(), note.watermarkMicros());
        return note.decidedBy() == 0 ? plain : plain + ";by=" + note.decidedBy();
    }

    /** Null if the metadata is not of this form: somebody else committed, for instance an operator who moved the position. */
    public static @Nullable Note parse(@Nullable String metadata) {
        Matcher matcher = FORM.matcher(metadata == null ? "" : metadata);
        try {
            if (!matcher.matches()) {
                return null;
            }
            String digest = matcher.group(3);
            return new Note(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    digest == null ? 0 : Integer.parseInt(digest));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private CommitNote() {}
}
