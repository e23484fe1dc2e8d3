package io.streamforge.controlplane.deployment;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;

/**
 * One text for equal JSON, so that the gateway, which has the same rules, reaches the same hash from the same plan:
 * members sorted by name (UTF-16 order), no white space, numbers as plain decimals without trailing zeros ({@code 1.0}
 * and {@code 1e0} are {@code 1}).
 */
final class CanonicalJson {

    private CanonicalJson() {}

    /** {@code sha256:<lower-case hex>} of the canonical text in UTF-8. */
    static String hash(JsonNode node) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text(node).getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The canonical text. */
    static String text(JsonNode node) {
        StringBuilder out = new StringBuilder();
        append(node, out);
        return out.toString();
    }

    private static void append(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.append('{');
                String separator = "";
                for (String name : new TreeSet<>(node.propertyNames())) {
                    out.append(separator);
                    quote(name, out);
                    out.append(':');
                    append(node.get(name), out);
                    separator = ",";
                }
                out.append('}');
            }
            case ARRAY -> {
                out.append('[');
                String separator = "";
                for (JsonNode item : node) {
                    out.append(separator);
                    append(item, out);
                    separator = ",";
                }
                out.append(']');
            }
            case STRING -> quote(node.asString(), out);
            case NUMBER -> {
                BigDecimal number = node.decimalValue();
                out.append(
                        number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
            }
            case BOOLEAN, NULL -> out.append(node);
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("Not JSON: " + node.getNodeType());
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}
