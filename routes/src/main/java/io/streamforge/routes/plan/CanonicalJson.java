package io.streamforge.routes.plan;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.TreeSet;

/**
 * One text for equal JSON, so that gateway and control plane reach the same hash from the same plan whatever wrote it: members sorted by
 * name (UTF-16 order), no white space, numbers as plain decimals without trailing zeros ({@code 1.0} and {@code 1e0} are {@code 1}).
 */
public final class CanonicalJson {

    private CanonicalJson() {}

    /** {@code sha256:<lower-case hex>} of the canonical text in UTF-8. */
    public static String hash(JsonNode node) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text(node).getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The canonical text. */
    public static String text(JsonNode node) {
        StringBuilder out = new StringBuilder();
        append(node, out);
        return out.toString();
    }

    private static void append(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                TreeSet<String> names = new TreeSet<>();
                node.fieldNames().forEachRemaining(names::add);
                out.append('{');
                String separator = "";
                for (String name : names) {
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
                for (Iterator<JsonNode> items = node.elements(); items.hasNext(); ) {
                    append(items.next(), out);
                    if (items.hasNext()) {
                        out.append(',');
                    }
                }
                out.append(']');
            }
            case STRING -> quote(node.textValue(), out);
            case NUMBER -> {
                java.math.BigDecimal number = node.decimalValue();
                out.append(
                        number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
            }
            case BOOLEAN, NULL -> out.append(node.asText());
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("Not JSON: " + node.getNodeType());
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        out.append('"');
    }
}
