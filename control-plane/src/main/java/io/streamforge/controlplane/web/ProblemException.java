package io.streamforge.controlplane.web;

import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** Ends a request with a {@link Problem}. */
public final class ProblemException extends RuntimeException {

    private final HttpStatus status;
    private final String kind;
    private final String detail;
    private final List<FieldProblem> errors;
    private final HttpHeaders headers = new HttpHeaders();

    /**
     * @param kind last part of the problem's type, such as {@code gateway-unknown}
     * @param detail what, which one, the rule, what we got, the next step; never a secret
     */
    public ProblemException(HttpStatus status, String kind, String detail, List<FieldProblem> errors) {
        super(detail);
        this.status = status;
        this.kind = kind;
        this.detail = detail;
        this.errors = List.copyOf(errors);
    }

    public ProblemException(HttpStatus status, String kind, String detail) {
        this(status, kind, detail, List.of());
    }

    /** @param noun what was looked for, such as {@code adapter} */
    public static ProblemException notFound(String noun, String id) {
        return new ProblemException(
                HttpStatus.NOT_FOUND, noun.replace(' ', '-') + "-unknown", "There is no %s '%s'.".formatted(noun, id));
    }

    /** The request itself is wrong, in the fields named. */
    public static ProblemException invalid(String detail, List<FieldProblem> errors) {
        return new ProblemException(HttpStatus.BAD_REQUEST, "invalid", detail, errors);
    }

    /** The request is right, but does not fit what is there. */
    public static ProblemException conflict(String kind, String detail) {
        return new ProblemException(HttpStatus.CONFLICT, kind, detail);
    }

    /** Somebody else has written since the caller has read. */
    public static ProblemException stale(String noun, String id, long current, Version seen) {
        return new ProblemException(
                HttpStatus.PRECONDITION_FAILED,
                "stale",
                "%s '%s' is at version %d, and If-Match says %d: read it again and repeat the change."
                        .formatted(noun, id, current, seen.number()));
    }

    ProblemException withHeader(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** Tells the caller when to try again. */
    public ProblemException retryAfter(long seconds) {
        return withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    /** Tells the caller which credentials would do. */
    public ProblemException authenticate(String challenge) {
        return withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
    }

    public HttpStatus status() {
        return status;
    }

    public String kind() {
        return kind;
    }

    public List<FieldProblem> errors() {
        return errors;
    }

    public String detail() {
        return detail;
    }

    HttpHeaders headers() {
        return headers;
    }
}
