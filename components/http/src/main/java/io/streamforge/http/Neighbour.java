package io.streamforge.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whoever listens already where an adapter wants to. It is asked without any key. */
record Neighbour(InetSocketAddress address) {

    private static final int PATIENCE_MILLIS = 2000;
    private static final int LONGEST_HEAD = 4096;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    /**
     * What it says.
     *
     * @param status of its HTTP answer, 0 if there was none
     * @param ofGateway whether the answer is one of a gateway's listener
     * @param certificate that it shows, null without TLS
     */
    record Answer(int status, boolean ofGateway, @Nullable X509Certificate certificate) {}

    /** Null if nobody listens. */
    static @Nullable Neighbour at(InetSocketAddress wanted) {
        InetAddress host = wanted.getAddress();
        InetSocketAddress address = host != null && host.isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted.getPort())
                : wanted;
        try (Socket socket = new Socket()) {
            socket.connect(address, PATIENCE_MILLIS);
            return new Neighbour(address);
        } catch (IOException e) {
            return null;
        }
    }

    Answer ask(String path, boolean tls) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(address, PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            if (!tls) {
                return answer(plain, path, null);
            }
            try (SSLSocket secure = (SSLSocket)
                    seeing().getSocketFactory().createSocket(plain, address.getHostString(), address.getPort(), true)) {
                secure.startHandshake();
                X509Certificate shown = (X509Certificate) secure.getSession().getPeerCertificates()[0];
                return answer(secure, path, shown);
            } catch (SSLException e) {
                return new Answer(0, false, null);
            }
        }
    }

    /** One that asks for senders' certificates shows its own, and hangs up. */
    private static Answer answer(Socket socket, String path, @Nullable X509Certificate shown) {
        try {
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .formatted(path)
                            .getBytes(StandardCharsets.US_ASCII));
            String head = new String(socket.getInputStream().readNBytes(LONGEST_HEAD), StandardCharsets.ISO_8859_1);
            Matcher status = STATUS.matcher(head);
            return status.lookingAt()
                    ? new Answer(Integer.parseInt(status.group(1)), head.contains("\r\nServer: StreamForge\r\n"), shown)
                    : new Answer(0, false, shown);
        } catch (IOException e) {
            return new Answer(0, false, shown);
        }
    }

    /** Trusts nobody with anything: it only looks at the certificate. */
    private static SSLContext seeing() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Seeing()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static final class Seeing implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
