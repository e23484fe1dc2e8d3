package io.streamforge.http;

import io.streamforge.adapter.TlsFiles;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.BasicServerTlsStrategy;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;

/** A listener's side of TLS. Files that were renewed serve the connections that come then; those that stand go on as they are. */
final class ServerTls implements TlsStrategy {

    private final TlsFiles files;
    private List<FileTime> read = List.of();
    private volatile TlsStrategy current;

    /** @throws IOException saying which file cannot be used, and why */
    ServerTls(TlsFiles files) throws IOException {
        this.files = files;
        this.read = changes();
        this.current = strategy();
    }

    /**
     * Reads the files once more if one of them has changed.
     *
     * @throws IOException if they cannot be used; the former ones stay
     */
    void refresh() throws IOException {
        List<FileTime> now = changes();
        if (!now.equals(read)) {
            current = strategy();
            read = now;
        }
    }

    private List<FileTime> changes() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (String file : List.of(files.authorities(), files.certificate(), files.key())) {
            if (!file.isEmpty()) {
                try {
                    times.add(Files.getLastModifiedTime(Path.of(file)));
                } catch (NoSuchFileException e) {
                    throw new IOException("file %s does not exist".formatted(file), e);
                }
            }
        }
        return times;
    }

    private TlsStrategy strategy() throws IOException {
        boolean asked = !files.authorities().isEmpty();
        return new BasicServerTlsStrategy(files.context(), (endpoint, engine) -> engine.setNeedClientAuth(asked), null);
    }

    @Override
    public void upgrade(
            TransportSecurityLayer session,
            NamedEndpoint endpoint,
            Object attachment,
            Timeout handshake,
            FutureCallback<TransportSecurityLayer> callback) {
        current.upgrade(session, endpoint, attachment, handshake, callback);
    }

    @Override
    @Deprecated // the library's; the server calls the other
    public boolean upgrade(
            TransportSecurityLayer session,
            HttpHost host,
            SocketAddress local,
            SocketAddress remote,
            Object attachment,
            Timeout handshake) {
        return current.upgrade(session, host, local, remote, attachment, handshake);
    }
}
