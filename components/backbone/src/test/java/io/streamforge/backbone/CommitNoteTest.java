package io.streamforge.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Batch.Note;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitNoteTest {

    @Test
    void readsWhatItWrote() {
        Note note = new Note(4711, 1_795_218_000_000_000L);
        assertThat(CommitNote.format(note)).isEqualTo("warm=4711;wm=1795218000000000");
        assertThat(CommitNote.parse(CommitNote.format(note))).isEqualTo(note);
    }

    @Test
    void readsByWhatWasDecided() {
        Note note = new Note(1, 2, -7);
        assertThat(CommitNote.format(note)).isEqualTo("warm=1;wm=2;by=-7");
        assertThat(CommitNote.parse(CommitNote.format(note))).isEqualTo(note);
    }

    @Test
    void readsAWatermarkThatWasNeverSet() {
        Note note = new Note(0, Long.MIN_VALUE);
        assertThat(CommitNote.parse(CommitNote.format(note))).isEqualTo(note);
    }

    @Test
    void writesNothingWithoutANote() {
        assertThat(CommitNote.format(null)).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "moved by hand",
                "warm=;wm=1",
                "warm=-1;wm=1",
                "warm=1;wm=9999999999999999999",
                "warm=1;wm=1;by=9999999999"
            })
    void takesForeignMetadataForNoNote(String metadata) {
        assertThat(CommitNote.parse(metadata)).isNull();
    }
}
