package io.streamforge.http;

import io.streamforge.adapter.payload.EpochUnit;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.http.Readings.Place;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * InfluxDB's line protocol: {@code measurement,tag=value field=value,field=value timestamp}, as "InfluxDB v2: Line protocol" describes it.
 *
 * <p>Each field is a reading. The tag that is mapped to the asset names it; the parameter is the tag that is mapped to it, else the measurement,
 * with {@code .field} unless the field has the name mapped to the value; tags that nothing maps to follow as {@code ,tag=value} in the order of
 * their names, so that two series never become one.
 */
final class LineProtocol {

    private final byte[] body;
    private final EpochUnit precision;
    private final Readings readings;
    private String text = "";
    private int at;
    private int line = 1;

    LineProtocol(byte[] body, EpochUnit precision, Readings readings) {
        this.body = body;
        this.precision = precision;
        this.readings = readings;
    }

    /** A line breaks the grammar; what follows on it cannot be read. */
    private static final class Malformed extends Exception {
        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    void read() throws RefusedException {
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(Refusal.of(400, "The body is not UTF-8."));
        }
        while (at < text.length()) {
            Place place = Place.line(line);
            skipSpaces();
            if (ends() || peek() == '#') {
                skipLine();
                continue;
            }
            try {
                point(place);
            } catch (Malformed e) {
                readings.next();
                readings.fault(place, null, String.valueOf(e.getMessage()));
                skipLine();
            }
        }
    }

    private void point(Place place) throws Malformed, RefusedException {
        String measurement = name(", ", "The measurement");
        Map<String, String> tags = new TreeMap<>();
        while (!ends() && peek() == ',') {
            at++;
            String key = name("=, ", "A tag's name");
            expect('=', "A tag");
            tags.put(key, name(",= ", "A tag's value"));
        }
        if (ends() || peek() != ' ') {
            throw new Malformed("A line must have fields after the measurement and its tags");
        }
        skipSpaces();
        Map<String, String> fields = new LinkedHashMap<>();
        do {
            String key = name("=, ", "A field's name");
            expect('=', "A field");
            fields.put(key, fieldValue());
        } while (comma());
        skipSpaces();
        String stamp = untilEnd();
        skipLine();
        Mapping mapping = readings.mapping();
        String asset = taken(tags, mapping.asset());
        String unit = taken(tags, mapping.unit());
        String named = taken(tags, mapping.parameter());
        StringBuilder others = new StringBuilder();
        tags.forEach((key, value) -> others.append(',').append(key).append('=').append(value));
        for (Map.Entry<String, String> field : fields.entrySet()) {
            readings.next();
            String base = named.isEmpty() ? measurement : named;
            readings.add(
                    place,
                    asset,
                    (field.getKey().equals(mapping.value()) ? base : base + "." + field.getKey()) + others,
                    value(place, field.getKey(), field.getValue()),
                    unit,
                    time(place, stamp));
        }
    }

    private static String taken(Map<String, String> tags, String name) {
        String value = tags.remove(name);
        return value == null ? "" : value;
    }

    private @Nullable Instant time(Place place, String stamp) {
        if (stamp.isEmpty()) {
            return null;
        }
        if (!stamp.matches("-?\\d{1,19}")) {
            readings.fault(
                    place, null, "The timestamp must be a whole number, got '%s'".formatted(Scalars.shown(stamp)));
            return null;
        }
        return readings.time(place, stamp, precision);
    }

    /** Strings still have their quotes. */
    private @Nullable Value value(Place place, String field, String written) {
        if (written.startsWith("\"")) {
            return new Value.Text(written.substring(1));
        }
        switch (written) {
            case "t", "T", "true", "True", "TRUE" -> {
                return new Value.Flag(true);
            }
            case "f", "F", "false", "False", "FALSE" -> {
                return new Value.Flag(false);
            }
            default -> {
                char last = written.isEmpty() ? ' ' : written.charAt(written.length() - 1);
                boolean whole = last == 'i' || last == 'u';
                String digits = whole ? written.substring(0, written.length() - 1) : written;
                if (whole
                        ? digits.matches("-?\\d{1,20}")
                        : Scalars.NUMBER.matcher(digits).matches()) {
                    BigDecimal amount = new BigDecimal(digits);
                    return whole
                            ? readings.number(place, field, digits, true, amount)
                            : new Value.Real(finite(place, field, amount.doubleValue()));
                }
                readings.fault(
                        place,
                        field,
                        "must be a number, a whole number with i or u, true, false or a text in quotes, got '%s'"
                                .formatted(Scalars.shown(written)));
                return null;
            }
        }
    }

    private double finite(Place place, String field, double value) {
        if (!Double.isFinite(value)) {
            readings.fault(place, field, "must fit a 64-bit number");
        }
        return value;
    }

    /** A name up to one of the given characters or the line's end; a backslash takes the next character as it is. */
    private String name(String ends, String what) throws Malformed {
        StringBuilder name = new StringBuilder();
        while (!ends() && ends.indexOf(peek()) < 0) {
            if (peek() == '\\' && at + 1 < text.length() && ",= \\".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
            }
            name.append(text.charAt(at));
            at++;
        }
        if (name.isEmpty()) {
            throw new Malformed(what + " must not be empty");
        }
        return name.toString();
    }

    private String fieldValue() throws Malformed {
        if (ends() || peek() != '"') {
            StringBuilder value = new StringBuilder();
            while (!ends() && peek() != ',' && peek() != ' ') {
                value.append(text.charAt(at));
                at++;
            }
            return value.toString();
        }
        StringBuilder value = new StringBuilder("\"");
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length() && "\"\\".indexOf(text.charAt(at + 1)) >= 0) {
                at++;
                c = text.charAt(at);
            }
            if (c == '\n') {
                line++;
            }
            value.append(c);
        }
        throw new Malformed("A text must end with a quote");
    }

    private boolean comma() {
        if (ends() || peek() != ',') {
            return false;
        }
        at++;
        return true;
    }

    private void expect(char wanted, String what) throws Malformed {
        if (ends() || peek() != wanted) {
            throw new Malformed("%s must have a name, '=' and a value".formatted(what));
        }
        at++;
    }

    private String untilEnd() {
        int from = at;
        while (!ends()) {
            at++;
        }
        return text.substring(from, at).strip();
    }

    private void skipSpaces() {
        while (!ends() && peek() == ' ') {
            at++;
        }
    }

    private void skipLine() {
        while (at < text.length() && peek() != '\n') {
            at++;
        }
        at++;
        line++;
    }

    private char peek() {
        return text.charAt(at);
    }

    private boolean ends() {
        return at >= text.length()
                || peek() == '\n'
                || (peek() == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n');
    }
}
