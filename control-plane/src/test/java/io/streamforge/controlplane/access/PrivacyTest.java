package io.streamforge.controlplane.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.controlplane.web.ProblemException;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.method.HandlerMethod;

class PrivacyTest {

    /** A handler as the API has them. */
    static final class Handler {

        @AllowedTo(Caller.ANYONE)
        void open() {}

        void forgotten() {}
    }

    private static boolean call(boolean allowPlainHttp, String address, boolean secure, String method)
            throws NoSuchMethodException {
        AccessCheck check = new AccessCheck(
                token -> Optional.empty(),
                id -> Optional.empty(),
                new GatewayTokens(
                        JdbcClient.create(new org.springframework.jdbc.datasource.DriverManagerDataSource()),
                        Clock.systemUTC()),
                new ProofOfKey(Clock.systemUTC()),
                new AccessSettings(allowPlainHttp));
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/setup");
        request.setRemoteAddr(address);
        request.setSecure(secure);
        return check.preHandle(
                request,
                new MockHttpServletResponse(),
                new HandlerMethod(new Handler(), Handler.class.getDeclaredMethod(method)));
    }

    @Test
    void plainHttpIsForThisMachineOnlyUnlessAllowed() throws NoSuchMethodException {
        assertThat(call(false, "127.0.0.1", false, "open")).isTrue();
        assertThat(call(false, "::1", false, "open")).isTrue();
        assertThat(call(false, "10.0.0.5", true, "open")).isTrue();
        assertThat(call(true, "10.0.0.5", false, "open")).isTrue();
        assertThatThrownBy(() -> call(false, "10.0.0.5", false, "open"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("needs HTTPS");
    }

    @Test
    void handlerThatNamesNoCallerIsRefusedToEverybody() {
        assertThatThrownBy(() -> call(false, "127.0.0.1", false, "forgotten"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("Nobody");
    }
}
