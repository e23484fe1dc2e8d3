package io.streamforge.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A network between a gateway and its server that can be cut: connections break, and no new one comes about until it is mended. */
final class CutProxy implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int server;
    private volatile boolean cut;
    private volatile boolean swallowing;
    private volatile boolean swallowed;
    private final AtomicLong answersLeft = new AtomicLong(Long.MAX_VALUE);

    CutProxy(int server) throws IOException {
        this.server = server;
        daemon(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void cut() {
        cut = true;
        open.forEach(CutProxy::end);
    }

    /** Cuts when so many more bytes of the server's have passed. */
    void cutAfter(long bytes) {
        answersLeft.set(bytes);
    }

    /** What the server sends from now on is lost, and nobody notices. */
    void swallow() {
        swallowed = false;
        swallowing = true;
    }

    boolean hasSwallowed() {
        return swallowed;
    }

    void mend() {
        swallowing = false;
        answersLeft.set(Long.MAX_VALUE);
        cut = false;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                if (cut) {
                    end(near);
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), server);
                open.add(near);
                open.add(far);
                if (cut) {
                    open.forEach(CutProxy::end);
                }
                daemon(() -> copy(near, far, false));
                daemon(() -> copy(far, near, true));
            } catch (IOException e) {
                // the server is away: the near side was closed or never opened
            }
        }
    }

    private void copy(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[65536];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && swallowing) {
                    swallowed = true;
                } else {
                    out.write(buffer, 0, read);
                }
                if (answers && answersLeft.addAndGet(-read) < 0) {
                    cut();
                }
            }
        } catch (IOException e) {
            // cut
        }
        end(from);
        end(to);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed, then
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cut-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
