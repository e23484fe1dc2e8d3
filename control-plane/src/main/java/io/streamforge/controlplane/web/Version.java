package io.streamforge.controlplane.web;

/**
 * The version of an object a caller has seen: an {@code ETag} when it is answered, an {@code If-Match} when it is sent back.
 *
 * @param number rises by one with every write
 */
public record Version(long number) {

    /** As it stands in a header: quoted (RFC 9110 §8.8.3). */
    public String etag() {
        return "\"" + number + "\"";
    }

    /** Reads an {@code If-Match} header. */
    public static Version parse(String header) {
        String text = header.strip();
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            try {
                return new Version(Long.parseLong(text.substring(1, text.length() - 1)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(rule(header), e);
            }
        }
        throw new IllegalArgumentException(rule(header));
    }

    private static String rule(String header) {
        return "If-Match must be the ETag of the last answer, such as \"3\" with its quotes, got " + header + ".";
    }
}
