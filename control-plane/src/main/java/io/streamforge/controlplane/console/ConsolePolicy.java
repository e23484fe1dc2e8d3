package io.streamforge.controlplane.console;

import io.streamforge.controlplane.access.Secrets;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The content security policy of every answer: scripts from here only and never inline; style elements only with this
 * answer's nonce. The API's own documentation page gets inline styles, which it cannot do without.
 */
@Component
class ConsolePolicy extends OncePerRequestFilter {

    static final String NONCE = ConsolePolicy.class.getName() + ".nonce";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String nonce = Secrets.token();
        request.setAttribute(NONCE, nonce);
        String path = request.getRequestURI();
        boolean docs = path.startsWith("/docs") || path.startsWith("/swagger-ui");
        String styles = docs ? "'unsafe-inline'" : "'nonce-" + nonce + "'";
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'self'; script-src 'self'; style-src 'self' " + styles
                        + "; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; "
                        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
        chain.doFilter(request, response);
    }
}
