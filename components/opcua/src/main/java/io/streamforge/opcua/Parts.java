package io.streamforge.opcua;

import io.streamforge.model.Value;
import io.streamforge.opcua.Structures.Member;
import io.streamforge.opcua.Structures.Structure;
import io.streamforge.opcua.Structures.Undecodable;
import java.util.Base64;
import java.util.UUID;
import org.eclipse.milo.opcua.stack.core.types.UaEnumeratedType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.XmlElement;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UNumber;
import org.jspecify.annotations.Nullable;

/**
 * Takes a value apart into what the stream carries: a scalar is itself, the elements of an array are {@code name[0]}, {@code name[1]}, those of a matrix
 * {@code name[0][1]}, the fields of a structure {@code name.field}, to any depth. Where a point is one part of a value only, the name stands for that part.
 */
final class Parts {

    /** More parts than this a value is not taken into. */
    static final int MOST = 1000;

    private static final String TOO_MANY = "value: more than %d parts".formatted(MOST);

    static final String NONE = "value: none";

    /** Is told each part once. */
    interface Taker {

        /**
         * @param name the point's, and behind it where the part stands in the value
         * @param value null where there is none
         * @param problem why there is none, or null
         */
        void part(String name, @Nullable Value value, @Nullable String problem);
    }

    private final String name;
    private final String wanted;
    private final Taker taker;
    private int taken;

    private Parts(String name, String wanted, Taker taker) {
        this.name = name;
        this.wanted = wanted;
        this.taker = taker;
    }

    /**
     * A value that needs no taking apart, or null if it does.
     *
     * <p>A ULong beyond the range of a signed 64-bit integer becomes the nearest double, because wrapping it round would show a negative value.
     */
    static @Nullable Value scalar(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return new Value.Real(((Number) value).doubleValue());
        } else if (value instanceof Boolean flag) {
            return new Value.Flag(flag);
        } else if (value instanceof Integer
                || value instanceof Short
                || value instanceof Long
                || value instanceof Byte) {
            return new Value.Whole(((Number) value).longValue());
        } else if (value instanceof ULong unsigned) {
            long bits = unsigned.longValue();
            return bits >= 0 ? new Value.Whole(bits) : new Value.Real(unsigned.doubleValue());
        } else if (value instanceof UNumber unsigned) {
            return new Value.Whole(unsigned.longValue());
        } else if (value instanceof UaEnumeratedType enumerated) {
            return new Value.Whole(enumerated.getValue());
        } else if (value instanceof StatusCode status) {
            return new Value.Whole(status.value());
        }
        String text = text(value);
        return text == null ? null : new Value.Text(text);
    }

    private static @Nullable String text(Object value) {
        if (value instanceof String text) {
            return text;
        } else if (value instanceof DateTime time) {
            return time.getJavaInstant().toString();
        } else if (value instanceof LocalizedText localized) {
            return localized.text() == null ? "" : localized.text();
        } else if (value instanceof QualifiedName name) {
            return name.name() == null ? "" : name.name();
        } else if (value instanceof UUID || value instanceof XmlElement) {
            return value.toString();
        } else if (value instanceof ByteString bytes) {
            return Base64.getEncoder().encodeToString(bytes.bytesOrEmpty());
        } else if (value instanceof NodeId id) {
            return id.toParseableString();
        } else if (value instanceof ExpandedNodeId id) {
            return id.toParseableString();
        }
        return null;
    }

    /**
     * Takes a value apart.
     *
     * @param wanted where the part stands that the name is for, {@code [2]} or {@code .motor[0].speed}; empty for the whole value
     * @param value its structures opened
     */
    static void of(String name, String wanted, @Nullable Object value, Taker taker) {
        Parts parts = new Parts(name, wanted, taker);
        parts.take("", value);
        if (parts.taken > MOST) {
            taker.part(name, null, TOO_MANY);
        } else if (parts.taken == 0 && !wanted.isEmpty()) {
            taker.part(name, null, "value: it has no part %s".formatted(wanted));
        }
    }

    private void take(String place, @Nullable Object value) {
        if (taken > MOST || !(place.startsWith(wanted) || wanted.startsWith(place))) {
            return;
        }
        if (value == null) {
            tell(place, null, NONE);
        } else if (value instanceof Variant variant) {
            take(place, variant.value());
        } else if (value instanceof Undecodable structure) {
            tell(place, null, "value: its structure cannot be decoded, %s".formatted(structure.reason()));
        } else if (value instanceof Structure structure) {
            fields(place, structure);
        } else if (value instanceof Matrix matrix) {
            take(place, matrix.nestedArrayValue());
        } else if (value instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                take("%s[%d]".formatted(place, i), array[i]);
            }
        } else {
            Value scalar = scalar(value);
            if (scalar == null) {
                tell(
                        place,
                        null,
                        "value: a %s is not taken apart"
                                .formatted(value.getClass().getSimpleName()));
            } else if (scalar instanceof Value.Real real && !Double.isFinite(real.value())) {
                tell(place, null, notFinite(real));
            } else {
                tell(place, scalar, null);
            }
        }
    }

    static String notFinite(Value.Real real) {
        return "value: %s is not finite".formatted(real.value());
    }

    private void tell(String place, @Nullable Value value, @Nullable String problem) {
        if (!within(place)) {
            return;
        }
        taken++;
        if (taken <= MOST) {
            taker.part(name + place.substring(wanted.length()), value, problem);
        }
    }

    /** Whether it is the wanted part, or a part of that. */
    private boolean within(String place) {
        return place.startsWith(wanted)
                && (place.length() == wanted.length()
                        || wanted.isEmpty()
                        || ".[".indexOf(place.charAt(wanted.length())) >= 0);
    }

    /** A parameter's name has no slash in it; a union that holds nothing has no field. */
    private void fields(String place, Structure structure) {
        if (structure.fields().isEmpty()) {
            tell(place, null, NONE);
        }
        for (Member field : structure.fields()) {
            take(place + "." + field.name().replace('/', '_'), field.value());
        }
    }
}
