package io.streamforge.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not taken. Nothing of a refused request reaches the stream.
 *
 * @param status 400, 401, 404, 405, 408, 413, 415, 429 or 503
 * @param detail a sentence
 * @param faults what is wrong with which reading, the first ones
 */
record Refusal(int status, String detail, List<Fault> faults) {

    /** When a sender that was refused for lack of room or time should come again. */
    static final int RETRY_AFTER_SECONDS = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What is wrong in one place of the body.
     *
     * @param pointer JSON pointer, or null in a format of lines
     * @param line from 1, or 0 in JSON
     * @param field the field, column or tag, or null if the whole line is meant
     */
    record Fault(
            @Nullable String pointer, int line, @Nullable String field, String message) {}

    static Refusal of(int status, String detail) {
        return new Refusal(status, detail, List.of());
    }

    /** The reason phrase, also the name under which it is counted. */
    String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 429 -> "Too Many Requests";
            default -> "Service Unavailable";
        };
    }

    /** True if the same request may be taken a moment later. */
    boolean passing() {
        return status == 429 || status == 503;
    }

    /** True if it is what was sent that cannot be taken. */
    boolean unusable() {
        return status == 400 || status == 408 || status == 413 || status == 415;
    }

    /** RFC 9457. */
    byte[] toProblem(String requestId) {
        ObjectNode problem = JSON.createObjectNode();
        problem.put("type", "about:blank")
                .put("title", title())
                .put("status", status)
                .put("detail", detail)
                .put("requestId", requestId);
        if (!faults.isEmpty()) {
            ArrayNode errors = problem.putArray("errors");
            for (Fault fault : faults) {
                ObjectNode error = errors.addObject();
                if (fault.pointer() != null) {
                    error.put("pointer", fault.pointer());
                }
                if (fault.line() > 0) {
                    error.put("line", fault.line());
                }
                if (fault.field() != null) {
                    error.put("field", fault.field());
                }
                error.put("message", fault.message());
            }
        }
        return problem.toString().getBytes(StandardCharsets.UTF_8);
    }
}
