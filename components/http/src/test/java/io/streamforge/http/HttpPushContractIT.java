package io.streamforge.http;

import static org.awaitility.Awaitility.await;

import io.streamforge.adapter.testing.FreePort;
import io.streamforge.adapter.testing.UnaskedContractIT;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's own HTTP client is a device that posts both points in one request, again and again, whether or not somebody listens. */
class HttpPushContractIT extends UnaskedContractIT {

    private static final String KEY = "0123456789abcdef";
    private static final String BODY =
            "[{\"parameter\":\"steady\",\"value\":241},{\"parameter\":\"fragile\",\"value\":17}]";

    private static final String DEVICE = """
            import http.client, sys, time
            while True:
                try:
                    gateway = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
                    gateway.request("POST", "/contract", sys.argv[3], {"X-Api-Key": sys.argv[2], "Content-Type": "application/json"})
                    gateway.getresponse().read()
                except Exception:
                    pass
                gateway.close()
                time.sleep(0.02)
            """;

    private final List<Socket> posts = new ArrayList<>();
    private @Nullable Process device;
    private int listening;

    @Override
    protected int startDevice(int port) throws IOException {
        int at = port == 0 ? FreePort.next() : port;
        listening = at;
        device = new ProcessBuilder("python3", "-c", DEVICE, String.valueOf(at), KEY, BODY)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return at;
    }

    @Override
    protected void overload() throws IOException {
        long before = health().counters().polls();
        for (int i = 0; i < 10; i++) {
            Socket post = new Socket(InetAddress.getLoopbackAddress(), listening);
            post.getOutputStream().write(request());
            posts.add(post);
        }
        await().until(() -> health().counters().polls() >= before + 10);
    }

    @Override
    protected void killDevice() throws Exception {
        for (Socket post : posts) {
            post.close();
        }
        if (device != null) {
            device.destroyForcibly().waitFor();
        }
    }

    /** Whoever does not post is not known to be away. */
    @Override
    protected boolean noticesOutages() {
        return false;
    }

    /** Requests that wait go together. */
    @Override
    protected boolean readsTogether() {
        return false;
    }

    @Override
    protected int mostInOneExchange() {
        return PushConfig.DEFAULT_MAX_READINGS;
    }

    @Override
    protected byte[] request() {
        return ("POST /contract HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Api-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(KEY, BODY.length(), BODY))
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    protected String endpoint(int port) {
        return "http-push:127.0.0.1:%d/contract?acknowledgeTimeoutMs=2000&maxRequests=200&apiKey=%s"
                .formatted(port, KEY);
    }
}
