package io.streamforge.modbus;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The serial line behind a converter that passes its bytes on over TCP. The converter keeps the silence between frames. */
final class SocketLine implements ByteLine {

    private final String host;
    private final int port;
    private final Duration timeout;
    private final Socket socket = new Socket();

    /** @param timeout for connecting */
    SocketLine(String host, int port, Duration timeout) {
        this.host = host;
        this.port = port;
        this.timeout = timeout;
    }

    @Override
    public void open() throws IOException {
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), (int) timeout.toMillis());
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public int read(byte[] buffer, int offset, Duration patience) throws IOException {
        socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
        try {
            int count = socket.getInputStream().read(buffer, offset, buffer.length - offset);
            if (count < 0) {
                throw new EOFException("the device closed the connection");
            }
            return count;
        } catch (SocketTimeoutException e) {
            return 0;
        }
    }

    @Override
    public Duration silence() {
        return Duration.ZERO;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
