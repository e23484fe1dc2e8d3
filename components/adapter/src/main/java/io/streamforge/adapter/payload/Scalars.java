package io.streamforge.adapter.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** What single values and names look like in payloads of any format. */
public final class Scalars {

    public static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");

    public static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

    public static final Pattern ASSET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** A signal's name: at most 200 characters, no slash. */
    public static final Pattern PARAMETER = Pattern.compile("[^/\\s][^/\\p{Cntrl}]{0,199}");

    private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST_SHOWN = 60;

    /** A longer row of digits is no number that a record has room for. */
    private static final int LONGEST_NUMBER = 60;

    private Scalars() {}

    /**
     * A number in the type it has room in; empty if a 64-bit number has none.
     *
     * @param whole if it was written without fraction and exponent
     */
    public static Optional<Value> number(BigDecimal amount, boolean whole) {
        if (whole && amount.precision() <= 19 && amount.toBigInteger().bitLength() < Long.SIZE) {
            return Optional.of(new Value.Whole(amount.longValue()));
        }
        double real = amount.doubleValue();
        return Double.isFinite(real) ? Optional.of(new Value.Real(real)) : Optional.empty();
    }

    /** A cell of a table without types: a number or a flag where it reads like one, null where it is empty or no finite number, else a text. */
    public static JsonNode cell(String text) {
        String bare = text.strip();
        if (bare.isEmpty() || NOT_FINITE.matcher(bare).matches()) {
            return JsonNodeFactory.instance.nullNode();
        }
        boolean mayCount = bare.length() <= LONGEST_NUMBER;
        if (mayCount && WHOLE.matcher(bare).matches()) {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(bare).toBigInteger());
        }
        if (mayCount && NUMBER.matcher(bare).matches()) {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(bare));
        }
        if (bare.equalsIgnoreCase("true") || bare.equalsIgnoreCase("false")) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(bare));
        }
        return JsonNodeFactory.instance.textNode(bare);
    }

    /** The value of a cell; empty if there is none that a record can carry. */
    public static Optional<Value> value(String text) {
        JsonNode cell = cell(text);
        if (cell.isNumber()) {
            return number(cell.decimalValue(), cell.isIntegralNumber());
        }
        if (cell.isBoolean()) {
            return Optional.of(new Value.Flag(cell.booleanValue()));
        }
        return cell.isNull() ? Optional.empty() : Optional.of(new Value.Text(cell.textValue()));
    }

    /** A value as it is written: a number as BigDecimal, a flag or a text. */
    static Object leaf(Value value) {
        if (value instanceof Value.Real real) {
            return new BigDecimal(Double.toString(real.value()));
        } else if (value instanceof Value.Whole whole) {
            return BigDecimal.valueOf(whole.value());
        } else if (value instanceof Value.Flag flag) {
            return flag.value();
        }
        return ((Value.Text) value).value();
    }

    /** A piece of what was sent, short enough for a message. */
    public static String shown(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}
