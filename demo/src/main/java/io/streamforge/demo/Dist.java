package io.streamforge.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The built programs of a StreamForge folder. */
record Dist(Path home) {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    void requireBuilt() {
        List<String> missing = Stream.of("broker", "control-plane", "routes", "demo")
                .filter(module -> !Files.isDirectory(lib(module)))
                .toList();
        if (!missing.isEmpty()) {
            throw new DemoException(
                    "Not built yet: %s. Run ./streamforge build.".formatted(String.join(", ", missing)));
        }
    }

    /**
     * A Java process of one module.
     *
     * @param jvm options before the class path
     */
    List<String> java(String module, List<String> jvm, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(jvm);
        command.addAll(List.of("-cp", lib(module) + "/*", mainClass));
        command.addAll(arguments);
        return command;
    }

    /** The console's files. */
    Path console() {
        return home.resolve("web-ui/dist");
    }

    /** A file beside a module's jars. */
    Path file(String module, String name) {
        return home.resolve(module).resolve("target/dist").resolve(name);
    }

    private Path lib(String module) {
        return file(module, "lib");
    }
}
