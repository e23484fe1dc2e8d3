package io.streamforge.controlplane.auth;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Replaces the password of the user who asks. */
record PasswordChange(
        @NotBlank @Size(max = 200) String currentPassword,
        @NotBlank @Size(min = 12, max = 200) String newPassword) {

    @Override
    public String toString() {
        return "PasswordChange[]";
    }
}
