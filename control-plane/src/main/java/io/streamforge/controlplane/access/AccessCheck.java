package io.streamforge.controlplane.access;

import io.streamforge.controlplane.web.ProblemException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Stands before every handler of the API: finds out who calls and whether they may, before the request's body is read.
 * It asks the database each time, so that a log-out, a revocation or a change of role holds from the next request on.
 */
@Component
class AccessCheck implements HandlerInterceptor {

    static final String USER = AccessCheck.class.getName() + ".user";
    static final String GATEWAY = AccessCheck.class.getName() + ".gateway";

    private static final String OURS = "io.streamforge.";
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String CSRF_HEADER = "X-Requested-With";

    private final UserLookup users;
    private final GatewayLookup gateways;
    private final GatewayTokens tokens;
    private final ProofOfKey proofs;
    private final AccessSettings settings;

    AccessCheck(
            UserLookup users,
            GatewayLookup gateways,
            GatewayTokens tokens,
            ProofOfKey proofs,
            AccessSettings settings) {
        this.users = users;
        this.gateways = gateways;
        this.tokens = tokens;
        this.proofs = proofs;
        this.settings = settings;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)
                || !method.getBeanType().getName().startsWith(OURS)
                || request.getAttribute(USER) != null
                || request.getAttribute(GATEWAY) != null) {
            // not the API, or the second half of an asynchronous answer
            return true;
        }
        AllowedTo allowed = method.getMethodAnnotation(AllowedTo.class);
        if (allowed == null) {
            throw new ProblemException(HttpStatus.FORBIDDEN, "forbidden", "Nobody is allowed to call this.");
        }
        requirePrivacy(request);
        switch (allowed.value()) {
            case ANYONE -> {}
            case GATEWAY -> request.setAttribute(GATEWAY, gateway(request));
            case VIEWER, OPERATOR, ENGINEER, ADMIN -> {
                User user = user(request);
                Role needed = allowed.value().role().orElseThrow();
                if (!user.role().includes(needed)) {
                    throw new ProblemException(
                            HttpStatus.FORBIDDEN,
                            "role-missing",
                            "This needs the role %s; '%s' is %s.".formatted(needed, user.username(), user.role()));
                }
                request.setAttribute(USER, user);
            }
        }
        return true;
    }

    private void requirePrivacy(HttpServletRequest request) {
        if (request.getRequestURI().startsWith("/api/")
                && !request.isSecure()
                && !settings.allowPlainHttp()
                && !loopback(request.getRemoteAddr())) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN,
                    "tls-required",
                    "This API needs HTTPS from any machine but its own: configure server.ssl, or a proxy on this machine.");
        }
    }

    private static boolean loopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private User user(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            return users.bySessionToken(credentials(header, "Bearer")).orElseThrow(AccessCheck::logInFirst);
        }
        String cookie = cookie(request);
        if (cookie == null) {
            throw logInFirst();
        }
        if (!READS.contains(request.getMethod()) && !"StreamForge".equals(request.getHeader(CSRF_HEADER))) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN,
                    "csrf-header-missing",
                    "A write with a session cookie needs the header X-Requested-With: StreamForge.");
        }
        return users.bySessionToken(cookie).orElseThrow(AccessCheck::logInFirst);
    }

    private static @Nullable String cookie(HttpServletRequest request) {
        if (request.getCookies() != null) {
            for (Cookie cookie : request.getCookies()) {
                if (cookie.getName().equals("sf_session")) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    private static ProblemException logInFirst() {
        return new ProblemException(
                        HttpStatus.UNAUTHORIZED, "not-logged-in", "There is no session, or it has ended: log in.")
                .authenticate("Bearer");
    }

    private GatewayIdentity gateway(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        String proof = request.getHeader("DPoP");
        if (header == null || proof == null) {
            throw unproved("This needs the headers Authorization: DPoP <token> and DPoP: <proof>.");
        }
        String text = credentials(header, "DPoP");
        Jwt token;
        try {
            token = tokens.decode(text);
        } catch (JwtException e) {
            throw unproved("The gateway's token is not valid here: enrol again.");
        }
        ProofOfKey.ProvedKey key = proofs.check(request, proof, token);
        String id = Objects.requireNonNull(token.getSubject());
        GatewayLookup.Standing standing = gateways.standing(id)
                .filter(known -> known.thumbprint().equals(key.thumbprint()))
                .orElseThrow(() -> new ProblemException(
                        HttpStatus.UNAUTHORIZED,
                        "gateway-unknown",
                        "Gateway '%s' is not known with this key, or no longer: enrol again.".formatted(id)));
        if (!standing.admitted()) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN, "gateway-revoked", "Gateway '%s' is not admitted.".formatted(id));
        }
        Object variables = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE);
        if (!(variables instanceof Map<?, ?> map) || !id.equals(map.get("id"))) {
            throw new ProblemException(
                    HttpStatus.FORBIDDEN, "other-gateway", "Gateway '%s' may speak for itself only.".formatted(id));
        }
        return new GatewayIdentity(id, key.thumbprint());
    }

    private static String credentials(String header, String scheme) {
        if (header.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1)) {
            return header.substring(scheme.length() + 1).strip();
        }
        throw new ProblemException(
                        HttpStatus.UNAUTHORIZED,
                        "scheme-unknown",
                        "The header Authorization must begin with %s here.".formatted(scheme))
                .authenticate(scheme);
    }

    private static ProblemException unproved(String detail) {
        return new ProblemException(HttpStatus.UNAUTHORIZED, "token-invalid", detail)
                .authenticate("DPoP error=\"invalid_token\", algs=\"ES256\"");
    }
}
