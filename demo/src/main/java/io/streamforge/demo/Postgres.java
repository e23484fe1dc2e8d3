package io.streamforge.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The demo's PostgreSQL: unpacked programs, a data folder, and one database and user each for the control plane and for the demo's
 * sink, which must not see each other.
 *
 * <p>PostgreSQL refuses to run as root. Root therefore runs it in a user namespace in which it is nobody, or, where the system forbids
 * that, as the user nobody, to whom its folder is given.
 */
final class Postgres {

    static final String CONTROL_PLANE = "streamforge";
    static final String PLANT = "plant";

    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
    private static final String SUPERUSER = "postgres";
    private static final String NOBODY = "65534";
    private static final String WRONG_PASSWORD = "28P01";

    private final Path programs;
    private final Path folder;
    private final Path data;
    private final int port;
    private final Secrets secrets;
    private final List<String> unprivileged;

    Postgres(DataFolder demo, int port, Secrets secrets) {
        this.programs = demo.of("postgresql");
        this.folder = demo.of("postgres");
        this.data = folder.resolve("data");
        this.port = port;
        this.secrets = secrets;
        this.unprivileged = unprivileged();
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Unpacks the programs and creates the data folder, each once and whole or not at all. */
    void prepare() {
        if (!Files.isDirectory(programs)) {
            unpack();
        }
        if (!Files.isDirectory(data)) {
            create();
        }
    }

    /** Runs in the foreground; ends in order on SIGINT. */
    List<String> command() {
        List<String> command = new ArrayList<>(unprivileged);
        command.addAll(List.of(programs.resolve("bin/postgres").toString(), "-D", data.toString()));
        command.addAll(List.of("-p", String.valueOf(port), "-h", "127.0.0.1", "-k", ""));
        command.addAll(List.of("-c", "shared_buffers=48MB", "-c", "max_connections=60"));
        return command;
    }

    boolean ready() {
        try (Connection connection = connect(SUPERUSER)) {
            return connection.isValid(2);
        } catch (SQLException e) {
            if (WRONG_PASSWORD.equals(e.getSQLState())) {
                throw new DemoException(
                        "PostgreSQL in %s was created with another password than secrets.json holds. Start afresh with ./streamforge demo --clean."
                                .formatted(data));
            }
            return false;
        }
    }

    /** Creates what is missing of users and databases. */
    void createDatabases() {
        try (Connection connection = connect(SUPERUSER)) {
            createDatabase(connection, CONTROL_PLANE, secrets.controlPlane());
            createDatabase(connection, PLANT, secrets.plant());
        } catch (SQLException e) {
            throw new DemoException("Cannot create the demo's databases: " + e.getMessage(), e);
        }
    }

    private static void createDatabase(Connection connection, String name, String password) throws SQLException {
        if (exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
                statement.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(name, password));
            }
            statement.execute("CREATE DATABASE %s OWNER %s".formatted(name, name));
            statement.execute("REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(name));
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                url(database) + "?connectTimeout=3&socketTimeout=10", SUPERUSER, secrets.postgres());
    }

    private void create() {
        Path draft = folder.resolve("data.new");
        Path passwordFile = folder.resolve("password");
        try {
            DataFolder.deleteTree(draft);
            DataFolder.writePrivately(passwordFile, secrets.postgres().getBytes(StandardCharsets.UTF_8));
            giveAway(folder);
            List<String> command = new ArrayList<>(unprivileged);
            command.addAll(List.of(programs.resolve("bin/initdb").toString(), "-D", draft.toString()));
            command.addAll(List.of("-U", SUPERUSER, "--auth=scram-sha-256", "--pwfile=" + passwordFile));
            command.addAll(List.of("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"));
            run(command, "create PostgreSQL's data folder");
            Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + data, e);
        }
    }

    /** Where PostgreSQL runs as another user, its folder must be that user's. */
    private void giveAway(Path path) {
        if (unprivileged.contains("setpriv")) {
            run(List.of("chown", "-R", NOBODY + ":" + NOBODY, path.toString()), "hand PostgreSQL its folder");
        }
    }

    private static List<String> unprivileged() {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                return List.of();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot tell which user this is", e);
        }
        List<String> namespace = List.of("unshare", "-U");
        List<String> probe = new ArrayList<>(namespace);
        probe.add("true");
        return output(probe).exit() == 0
                ? namespace
                : List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    private void unpack() {
        Path draft = programs.resolveSibling("postgresql.new");
        DataFolder.deleteTree(draft);
        InputStream archive = Postgres.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new DemoException("The demo's PostgreSQL is for Linux on x86-64 only.");
        }
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, draft);
            }
            Files.move(draft, programs, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack PostgreSQL to " + programs, e);
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("Entry outside of the archive's folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, target);
        if ((entry.getMode() & 0100) != 0) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(target));
            permissions.addAll(Set.of(
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_EXECUTE));
            Files.setPosixFilePermissions(target, permissions);
        }
    }

    private static void run(List<String> command, String purpose) {
        Output output = output(command);
        if (output.exit() != 0) {
            throw new DemoException(
                    "Cannot %s: %s".formatted(purpose, output.text().strip()));
        }
    }

    private static Output output(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Output(process.waitFor(), text);
        } catch (IOException e) {
            return new Output(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Output(130, "interrupted");
        }
    }

    private record Output(int exit, String text) {}
}
