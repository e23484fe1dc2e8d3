package io.streamforge.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The passwords this demo made up, kept in a file only its user may read.
 *
 * @param admin of the console's user {@code admin}
 * @param postgres of the database's superuser
 * @param controlPlane of the control plane's database user
 * @param plant of the demo sink's database user
 */
record Secrets(String admin, String postgres, String controlPlane, String plant) {

    /** Without what is easily misread: 0 O, 1 l I. */
    private static final String LETTERS = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

    private static final int LENGTH = 20;

    static Secrets keptIn(DataFolder folder) {
        Path file = folder.of("secrets.json");
        ObjectMapper json = new ObjectMapper();
        try {
            if (!Files.exists(file)) {
                SecureRandom random = new SecureRandom();
                Secrets fresh = new Secrets(password(random), password(random), password(random), password(random));
                DataFolder.writePrivately(file, json.writeValueAsBytes(fresh));
            }
            return json.readValue(file.toFile(), Secrets.class);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static String password(SecureRandom random) {
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }

    @Override
    public String toString() {
        return "Secrets[]";
    }
}
