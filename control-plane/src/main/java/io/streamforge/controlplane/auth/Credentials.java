package io.streamforge.controlplane.auth;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A user name and its password.
 *
 * @param delivery how the session is handed over; null means {@link Delivery#COOKIE}
 */
record Credentials(
        @NotBlank @Size(max = 100) String username,
        @NotBlank @Size(max = 200) String password,
        @Nullable Delivery delivery) {

    /** How a session reaches the client. */
    enum Delivery {
        /** As an HttpOnly cookie, for browsers. */
        COOKIE,
        /** In the body, for programs that send it as a bearer token. */
        TOKEN
    }

    Delivery deliveryOrCookie() {
        return delivery == null ? Delivery.COOKIE : delivery;
    }

    @Override
    public String toString() {
        return "Credentials[username=" + username + "]";
    }
}
