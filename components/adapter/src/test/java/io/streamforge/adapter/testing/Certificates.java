package io.streamforge.adapter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority ({@code ca}), a {@code server} on 127.0.0.1 and a {@code client} that it knows, made with openssl: {@code .crt} and {@code .key} files. */
public record Certificates(Path folder) {

    /** Makes all of them. */
    public Certificates {
        try {
            Files.createDirectories(folder);
            openssl(folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=plant-ca -keyout ca.key -out ca.crt");
            Files.writeString(folder.resolve("san"), "subjectAltName=IP:127.0.0.1");
            for (String name : List.of("server", "client")) {
                openssl(
                        folder,
                        "req -newkey rsa:2048 -nodes -subj /CN=%1$s -keyout %1$s.key -out %1$s.csr".formatted(name));
                openssl(
                        folder,
                        "x509 -req -in %1$s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile san -out %1$s.crt"
                                .formatted(name));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    private static void openssl(Path folder, String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("openssl %s failed".formatted(arguments));
        }
    }
}
