package io.streamforge.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A child's output in a file that never grows beyond its limit: the older half moves to {@code .1} and is replaced there. */
final class BoundedLog {

    private final Path file;
    private final long limitBytes;

    /** @param limitBytes of the file and again of its predecessor */
    BoundedLog(Path file, long limitBytes) {
        this.file = file;
        this.limitBytes = limitBytes;
    }

    Path file() {
        return file;
    }

    /** Copies until the stream ends; a disk that refuses to be written must not stop the child, so then it only drains. */
    void copy(InputStream output) throws IOException {
        byte[] buffer = new byte[8192];
        int read = 0;
        while (read >= 0) {
            try (OutputStream log = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                long size = Files.size(file);
                while (size < limitBytes && (read = output.read(buffer)) >= 0) {
                    log.write(buffer, 0, read);
                    size += read;
                }
            } catch (IOException e) {
                drain(output);
                return;
            }
            if (read >= 0) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void drain(InputStream output) throws IOException {
        output.transferTo(OutputStream.nullOutputStream());
    }
}
