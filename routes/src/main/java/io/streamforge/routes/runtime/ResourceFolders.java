package io.streamforge.routes.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The text files below one folder name, on the class path and in a folder of the integrator's own; the integrator's file wins over ours. */
final class ResourceFolders {

    private final TreeMap<String, String> textByPath = new TreeMap<>();

    /**
     * Reads all files.
     *
     * @param folder the folder's name, without slashes at its ends
     * @param own an integrator's folder that may hold the same folder, if there is one
     */
    ResourceFolders(String folder, Optional<Path> own) throws IOException {
        for (URL root : Collections.list(ResourceFolders.class.getClassLoader().getResources(folder))) {
            URLConnection connection = root.openConnection();
            if (connection instanceof JarURLConnection jar) {
                readJar(jar, folder);
            } else if ("file".equals(root.getProtocol())) {
                readFolder(Path.of(URI.create(root.toString())), folder);
            }
        }
        if (own.isPresent() && Files.isDirectory(own.get().resolve(folder))) {
            readFolder(own.get().resolve(folder), folder);
        }
    }

    /** Paths that end so, in order. */
    List<String> endingWith(String suffix) {
        return textByPath.keySet().stream()
                .filter(path -> path.endsWith(suffix))
                .toList();
    }

    /** A file's text. */
    Optional<String> text(String path) {
        return Optional.ofNullable(textByPath.get(path));
    }

    private void readJar(JarURLConnection connection, String folder) throws IOException {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (var entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory() && entry.getName().startsWith(folder + "/")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        textByPath.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
    }

    private void readFolder(Path root, String folder) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String relative = root.relativize(file).toString().replace('\\', '/');
                textByPath.put(folder + "/" + relative, Files.readString(file));
            }
        }
    }
}
