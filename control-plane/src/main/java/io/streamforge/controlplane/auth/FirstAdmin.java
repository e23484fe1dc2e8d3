package io.streamforge.controlplane.auth;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** The administrator a fresh control plane is given, once. */
record FirstAdmin(
        @NotBlank
        @Pattern(regexp = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$", message = "must be 1 to 100 letters, digits or . _ @ -")
        String username,

        @NotBlank @Size(min = 12, max = 200) String password,
        Credentials.@Nullable Delivery delivery) {

    Credentials credentials() {
        return new Credentials(username, password, delivery);
    }

    @Override
    public String toString() {
        return "FirstAdmin[username=" + username + "]";
    }
}
