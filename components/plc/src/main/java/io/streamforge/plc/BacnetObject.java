package io.streamforge.plc;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.adapter.Browser.Node;
import io.streamforge.adapter.TableRow;
import io.streamforge.model.Value;
import io.streamforge.plc.BacnetBody.Answered;
import io.streamforge.plc.Variable.Property;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Objects and properties by their names and their numbers (ANSI/ASHRAE 135, clause 21, BACnetObjectType and BACnetPropertyIdentifier). */
final class BacnetObject {

    static final int OBJECT_NAME = 77;
    static final int PRESENT_VALUE = 85;
    static final int STATUS_FLAGS = 111;

    private static final int DEVICE = 8;
    private static final int OBJECT_LIST = 76;
    /** Stands for the instance of the device that is asked (clause 15.5). */
    private static final int WILDCARD = 4_194_303;

    /** 22 bits, the last of which stands for none. */
    private static final int MAX_INSTANCE = 4_194_302;

    private static final Pattern ADDRESS = Pattern.compile(
            "(?<type>[a-z-]+|\\d{1,4})[:,](?<instance>\\d{1,7})(?:[.](?<property>[a-z-]+|\\d{1,7})(?:\\[(?<index>\\d{1,4})])?)?");

    private static final Map<String, Integer> TYPES = Map.ofEntries(
            Map.entry("analog-input", 0),
            Map.entry("ai", 0),
            Map.entry("analog-output", 1),
            Map.entry("ao", 1),
            Map.entry("analog-value", 2),
            Map.entry("av", 2),
            Map.entry("binary-input", 3),
            Map.entry("bi", 3),
            Map.entry("binary-output", 4),
            Map.entry("bo", 4),
            Map.entry("binary-value", 5),
            Map.entry("bv", 5),
            Map.entry("device", 8),
            Map.entry("loop", 12),
            Map.entry("multi-state-input", 13),
            Map.entry("mi", 13),
            Map.entry("multi-state-output", 14),
            Map.entry("mo", 14),
            Map.entry("multi-state-value", 19),
            Map.entry("mv", 19),
            Map.entry("accumulator", 23),
            Map.entry("pulse-converter", 24),
            Map.entry("characterstring-value", 40),
            Map.entry("integer-value", 45),
            Map.entry("large-analog-value", 46),
            Map.entry("positive-integer-value", 48));

    private static final Map<String, Integer> PROPERTIES = Map.of(
            "description", 28,
            "event-state", 36,
            "high-limit", 45,
            "low-limit", 59,
            "object-name", OBJECT_NAME,
            "out-of-service", 81,
            "present-value", PRESENT_VALUE,
            "priority-array", 87,
            "reliability", 103,
            "units", 117);

    private BacnetObject() {}

    /** The row's variable; errors are noted at the row. */
    static Property variable(TableRow row) {
        String text = row.required("address").strip().toLowerCase(Locale.ROOT);
        Matcher address = ADDRESS.matcher(text);
        OptionalInt type = OptionalInt.empty();
        OptionalInt property = OptionalInt.empty();
        if (address.matches()) {
            type = number(address.group("type"), TYPES);
            property = address.group("property") == null
                    ? OptionalInt.of(PRESENT_VALUE)
                    : number(address.group("property"), PROPERTIES);
        }
        if (type.isEmpty()
                || property.isEmpty()
                || type.getAsInt() > 1023
                || Integer.parseInt(address.group("instance")) > MAX_INSTANCE) {
            if (!text.isEmpty()) {
                row.error(
                        "address",
                        "must be like analog-input:3, AI:3, binary-value:7.present-value, 2:5.85 or av:1.priority-array[8], got '%s'"
                                .formatted(text));
            }
            return new Property(0, 0, PRESENT_VALUE, Property.WHOLE);
        }
        if (row.has("elements")) {
            row.error("elements", "does not apply: name an index");
        }
        String index = address.group("index");
        return new Property(
                type.getAsInt(),
                Integer.parseInt(address.group("instance")),
                property.getAsInt(),
                index == null ? Property.WHOLE : Integer.parseInt(index));
    }

    private static OptionalInt number(String text, Map<String, Integer> names) {
        if (Character.isDigit(text.charAt(0))) {
            return OptionalInt.of(Integer.parseInt(text));
        }
        Integer number = names.get(text);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** An element of the object list of the device, its length for 0. */
    static Property list(int index) {
        return new Property(DEVICE, WILDCARD, OBJECT_LIST, index);
    }

    /** The present value of an object by its identifier (clause 20.2.14). */
    static Property of(int identifier) {
        return new Property(identifier >>> 22, identifier & WILDCARD, PRESENT_VALUE, Property.WHOLE);
    }

    static Property property(Property object, int property) {
        return new Property(object.type(), object.instance(), property, Property.WHOLE);
    }

    /**
     * An object as it is listed: a point if it has a present value.
     *
     * @param name and value as the device answered, null if it did not
     */
    static Node node(Property object, @Nullable Answered name, @Nullable Answered value) {
        String address = TYPES.entrySet().stream()
                        .filter(type -> type.getValue() == object.type()
                                && type.getKey().length() > 2)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(String.valueOf(object.type()))
                + ":" + object.instance();
        String named = name != null && name.value() != null && name.value().text() instanceof Reply.Got got
                ? ((Value.Text) Objects.requireNonNull(got.elements().get(0))).value()
                : address;
        String kind =
                value == null || value.value() == null ? "" : value.value().kind();
        String point = named.strip().replace('/', '_');
        return new Node(
                "/" + address,
                named,
                false,
                value != null && value.value() == null ? value.reason() : kind,
                kind.isEmpty()
                        ? null
                        : JsonNodeFactory.instance
                                .objectNode()
                                .put("name", point.isEmpty() ? address : point)
                                .put("address", address));
    }

    /** True for inputs, outputs and values of two states, whose present value is an enumeration of inactive and active. */
    static boolean binary(Property property) {
        return property.type() >= 3 && property.type() <= 5 && property.property() == PRESENT_VALUE;
    }
}
