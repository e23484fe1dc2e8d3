package io.streamforge.http.poll;

import java.io.IOException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.util.Timeout;

/** Makes the client of a service: one connection, and nothing done behind the back of who asks. */
final class ServiceClient {

    /** @throws SSLException saying which certificate cannot be used, and why */
    static CloseableHttpClient of(PollConfig config) throws SSLException {
        Timeout timeout = Timeout.of(config.timeout());
        DefaultClientTlsStrategy tls;
        try {
            tls = new DefaultClientTlsStrategy(config.tls().context());
        } catch (IOException e) {
            throw new SSLException(e.getMessage(), e);
        }
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(1)
                        .setTlsSocketStrategy(tls)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .build())
                        .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom().setResponseTimeout(timeout).build())
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .build();
    }

    private ServiceClient() {}
}
