package io.streamforge.controlplane.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns every failure into a {@link Problem}. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final String TYPE = "https://streamforge.io/problems/";

    @ExceptionHandler
    ResponseEntity<Problem> problem(ProblemException e, HttpServletRequest request) {
        return answer(e.status(), e.kind(), e.detail(), e.errors(), e.headers(), request.getRequestURI());
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class,
        TransactionSystemException.class
    })
    ResponseEntity<Problem> databaseUnavailable(Exception e, HttpServletRequest request) {
        LOG.atWarn()
                .addKeyValue("path", request.getRequestURI())
                .addKeyValue("cause", String.valueOf(e.getMessage()))
                .log("The database does not answer");
        return answer(
                HttpStatus.SERVICE_UNAVAILABLE,
                "database-unavailable",
                "The control plane's database does not answer. Gateways run on; try again shortly.",
                List.of(),
                retrySoon(),
                request.getRequestURI());
    }

    @ExceptionHandler
    ResponseEntity<Problem> unexpected(Exception e, HttpServletRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof QueryTimeoutException || cause instanceof SQLException sql && connectionLost(sql)) {
                return databaseUnavailable(e, request);
            }
        }
        LOG.atError().addKeyValue("path", request.getRequestURI()).setCause(e).log("A request failed unexpectedly");
        return answer(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "The control plane failed; its log says why under this request's id.",
                List.of(),
                new HttpHeaders(),
                request.getRequestURI());
    }

    private static boolean connectionLost(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P"));
    }

    private static HttpHeaders retrySoon() {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "2");
        return headers;
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldProblem> errors = e.getBindingResult().getAllErrors().stream()
                .map(error -> error instanceof FieldError field
                        ? field(field)
                        : new FieldProblem("", String.valueOf(error.getDefaultMessage())))
                .toList();
        return invalid(errors, request);
    }

    private static FieldProblem field(FieldError error) {
        String pointer = error.contains(ConstraintViolation.class)
                ? pointer(error.unwrap(ConstraintViolation.class).getPropertyPath())
                : "/" + error.getField().replace('.', '/');
        return new FieldProblem(pointer, sentence(pointer, error.getDefaultMessage(), error.getRejectedValue()));
    }

    /** The JSON pointer of a bean-validation path. */
    static String pointer(Path path) {
        StringBuilder pointer = new StringBuilder();
        for (Path.Node node : path) {
            if (node.getIndex() != null) {
                pointer.append('/').append(node.getIndex());
            }
            String name = node.getName();
            if (name != null && !name.startsWith("<")) {
                pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
            }
        }
        return pointer.toString();
    }

    /** {@code name must be …, got ….} */
    static String sentence(String pointer, @Nullable String rule, @Nullable Object got) {
        String name = pointer.substring(pointer.lastIndexOf('/') + 1);
        String value = got instanceof Number || got instanceof Boolean
                ? ", got " + got
                : got instanceof String s
                                && s.length() <= 100
                                && !name.toLowerCase(java.util.Locale.ROOT).contains("password")
                                && !name.equals("token")
                        ? ", got '" + s + "'"
                        : got == null ? ", got nothing" : "";
        return "%s %s%s.".formatted(name, rule, value);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldProblem> errors = new ArrayList<>();
        e.getParameterValidationResults()
                .forEach(result -> result.getResolvableErrors().forEach(error -> {
                    if (error instanceof FieldError field) {
                        errors.add(field(field));
                    } else {
                        String name = String.valueOf(result.getMethodParameter().getParameterName());
                        errors.add(new FieldProblem(
                                "", sentence("/" + name, error.getDefaultMessage(), result.getArgument())));
                    }
                }));
        return invalid(errors, request);
    }

    private ResponseEntity<Object> invalid(List<FieldProblem> errors, WebRequest request) {
        return cast(answer(
                HttpStatus.BAD_REQUEST,
                "invalid",
                errors.size() == 1
                        ? errors.get(0).message()
                        : "%d fields are wrong; see errors.".formatted(errors.size()),
                errors,
                new HttpHeaders(),
                uri(request)));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldProblem> errors = new ArrayList<>();
        String detail = "The request body is missing or is not JSON.";
        if (e.getCause() instanceof JacksonException json) {
            StringBuilder pointer = new StringBuilder();
            json.getPath().forEach(reference -> pointer.append('/')
                    .append(
                            reference.getPropertyName() == null
                                    ? Integer.toString(reference.getIndex())
                                    : reference.getPropertyName()));
            detail = "%s cannot be read: %s."
                    .formatted(
                            pointer.isEmpty() ? "The request body" : pointer.substring(pointer.lastIndexOf("/") + 1),
                            json.getOriginalMessage().replaceAll("\\s*\\(.*|`[a-z.]+\\.([A-Za-z$]+)`", "$1"));
            errors.add(new FieldProblem(pointer.toString(), detail));
        }
        return cast(answer(HttpStatus.BAD_REQUEST, "unreadable", detail, errors, new HttpHeaders(), uri(request)));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Throwable cause = e.getMostSpecificCause();
        String detail = e.getRequiredType() == Version.class
                ? String.valueOf(cause.getMessage())
                : "%s has the wrong form, got '%s'.".formatted(e.getPropertyName(), e.getValue());
        return cast(answer(HttpStatus.BAD_REQUEST, "invalid", detail, List.of(), new HttpHeaders(), uri(request)));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleServletRequestBindingException(
            ServletRequestBindingException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (e instanceof MissingRequestHeaderException missing
                && missing.getHeaderName().equals(HttpHeaders.IF_MATCH)) {
            return cast(answer(
                    HttpStatus.PRECONDITION_REQUIRED,
                    "version-missing",
                    "This write needs the header If-Match with the ETag of what was read.",
                    List.of(),
                    new HttpHeaders(),
                    uri(request)));
        }
        return super.handleServletRequestBindingException(e, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpStatus known = HttpStatus.valueOf(status.value());
        String detail = body instanceof ProblemDetail problem && problem.getDetail() != null
                ? problem.getDetail()
                : known.getReasonPhrase() + ".";
        String kind = known.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        return cast(answer(known, kind, detail, List.of(), headers, uri(request)));
    }

    private static String uri(WebRequest request) {
        return request instanceof ServletWebRequest servlet
                ? servlet.getRequest().getRequestURI()
                : "";
    }

    private static ResponseEntity<Problem> answer(
            HttpStatus status,
            String kind,
            String detail,
            List<FieldProblem> errors,
            HttpHeaders headers,
            String path) {
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(new Problem(
                        TYPE + kind,
                        status.getReasonPhrase(),
                        status.value(),
                        detail,
                        path,
                        errors,
                        RequestId.current()));
    }

    @SuppressWarnings("unchecked")
    private static ResponseEntity<Object> cast(ResponseEntity<Problem> answer) {
        return (ResponseEntity<Object>) (ResponseEntity<?>) answer;
    }
}
