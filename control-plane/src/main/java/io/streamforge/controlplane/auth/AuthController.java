package io.streamforge.controlplane.auth;

import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.User;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/auth")
@Tag(name = "auth", description = "Log-in, sessions and passwords")
class AuthController {

    private final Users users;
    private final Sessions sessions;
    private final LogIn logIn;

    AuthController(Users users, Sessions sessions, LogIn logIn) {
        this.users = users;
        this.sessions = sessions;
        this.logIn = logIn;
    }

    @PostMapping("/first-admin")
    @AllowedTo(Caller.ANYONE)
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Create the first administrator, once, and log in")
    ResponseEntity<Session> createFirstAdmin(@Valid @RequestBody FirstAdmin admin, HttpServletRequest request) {
        users.createFirstAdmin(admin.username(), admin.password());
        return delivered(
                HttpStatus.CREATED,
                logIn.logIn(admin.credentials(), request.getRemoteAddr()),
                admin.credentials(),
                request);
    }

    @PostMapping("/login")
    @AllowedTo(Caller.ANYONE)
    @Operation(summary = "Log in")
    ResponseEntity<Session> login(@Valid @RequestBody Credentials credentials, HttpServletRequest request) {
        return delivered(HttpStatus.OK, logIn.logIn(credentials, request.getRemoteAddr()), credentials, request);
    }

    @PostMapping("/logout")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "End the session")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    ResponseEntity<Void> logout(User user, HttpServletRequest request) {
        sessions.end(user.sessionId());
        return ResponseEntity.noContent()
                .header(
                        HttpHeaders.SET_COOKIE,
                        cookie("", Duration.ZERO, request).toString())
                .build();
    }

    @PostMapping("/refresh")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Replace the session by a new one that lasts longer")
    ResponseEntity<Session> refresh(User user, HttpServletRequest request) {
        boolean bearer = request.getHeader(HttpHeaders.AUTHORIZATION) != null;
        Credentials.Delivery delivery = bearer ? Credentials.Delivery.TOKEN : Credentials.Delivery.COOKIE;
        return delivered(HttpStatus.OK, sessions.renew(user), new Credentials(user.username(), "", delivery), request);
    }

    @GetMapping("/me")
    @AllowedTo(Caller.VIEWER)
    @Operation(summary = "Who am I")
    Me me(User user) {
        return new Me(user.username(), user.role());
    }

    @PutMapping("/password")
    @AllowedTo(Caller.VIEWER)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Change my password; my other sessions end")
    void changePassword(@Valid @RequestBody PasswordChange change, User user) {
        users.changePassword(user, change.currentPassword(), change.newPassword());
    }

    private ResponseEntity<Session> delivered(
            HttpStatus status, Sessions.Opened opened, Credentials credentials, HttpServletRequest request) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status);
        return switch (credentials.deliveryOrCookie()) {
            case COOKIE ->
                answer.header(
                                HttpHeaders.SET_COOKIE,
                                cookie(opened.token(), sessions.lifetime(), request)
                                        .toString())
                        .body(new Session(opened.username(), opened.role(), opened.expiresAt(), null));
            case TOKEN ->
                answer.body(new Session(opened.username(), opened.role(), opened.expiresAt(), opened.token()));
        };
    }

    private static ResponseCookie cookie(String token, Duration maxAge, HttpServletRequest request) {
        return ResponseCookie.from(Sessions.COOKIE, token)
                .httpOnly(true)
                .secure(request.isSecure())
                .sameSite("Strict")
                .path("/")
                .maxAge(maxAge)
                .build();
    }
}
