package io.streamforge.plc;

import io.streamforge.adapter.TableRow;
import io.streamforge.plc.Variable.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tags of a Logix controller and routes to it, as the user writes them and as the wire does: padded EPATHs (CIP Volume 1, Appendix C-1). */
final class CipPath {

    /** The route of a device that is the PLC itself, not a module in front of it. */
    static final String DIRECT = "direct";

    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]{0,39}";
    private static final String INDEX = "(?:\\[\\d{1,9}(?:,\\d{1,9}){0,2}])?";
    /** The first name may be that of a module or of a program: {@code Local:1:I}, {@code Program:Main}. */
    private static final Pattern TAG =
            Pattern.compile("(?<name>%s(?::[A-Za-z0-9_]{1,40}){0,3}%s(?:\\.%s%s)*)(?:\\.(?<bit>[0-5]?\\d|6[0-3]))?"
                    .formatted(NAME, INDEX, NAME, INDEX));

    private static final Pattern PART = Pattern.compile("(?<symbol>[A-Za-z0-9_:]+)|\\[(?<index>[\\d,]+)]");
    private static final Pattern ROUTE =
            Pattern.compile("\\d{1,2},[A-Za-z0-9.-]{1,64}(?:,\\d{1,2},[A-Za-z0-9.-]{1,64}){0,7}");

    private static final int MAX_ELEMENTS = 1000;
    private static final int LAST_PORT = 14;

    private CipPath() {}

    /** The row's variable; errors are noted at the row. */
    static Symbol variable(TableRow row) {
        String address = row.required("address").strip();
        int elements = row.whole("elements", 1, MAX_ELEMENTS).orElse(1);
        Matcher tag = TAG.matcher(address);
        if (!tag.matches()) {
            if (!address.isEmpty()) {
                row.error(
                        "address",
                        "must be like Speed, Program:Main.Motor[3].Speed, Counts[1,2] or Status.5 (a bit), got '%s'"
                                .formatted(address));
            }
            return new Symbol("", Symbol.WHOLE, 1);
        }
        String bit = tag.group("bit");
        if (bit != null && elements > 1) {
            row.error("elements", "does not apply to a bit");
        }
        return new Symbol(tag.group("name"), bit == null ? Symbol.WHOLE : Integer.parseInt(bit), elements);
    }

    /** The tag's EPATH: ANSI extended symbol segments (C-1.4.5.2) for the names, member segments (C-1.4.2) for the indexes. */
    static byte[] tag(Symbol symbol) {
        ByteBuffer path = ByteBuffer.allocate(8 * symbol.name().length() + 8).order(ByteOrder.LITTLE_ENDIAN);
        Matcher parts = PART.matcher(symbol.name());
        while (parts.find()) {
            if (parts.group("symbol") != null) {
                byte[] name = parts.group("symbol").getBytes(StandardCharsets.US_ASCII);
                path.put((byte) 0x91).put((byte) name.length).put(name);
                pad(path);
            } else {
                Arrays.stream(parts.group("index").split(",")).forEach(index -> member(path, Integer.parseInt(index)));
            }
        }
        return Arrays.copyOf(path.array(), path.position());
    }

    /** An instance of a class by its number: logical segments (C-1.4.2). */
    static byte[] instance(int type, int instance) {
        ByteBuffer path = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        path.put((byte) 0x20).put((byte) type);
        if (instance <= 0xFFFF) {
            path.put((byte) 0x25).put((byte) 0).putShort((short) instance);
        } else {
            path.put((byte) 0x26).put((byte) 0).putInt(instance);
        }
        return Arrays.copyOf(path.array(), path.position());
    }

    private static void member(ByteBuffer path, int index) {
        if (index <= 0xFF) {
            path.put((byte) 0x28).put((byte) index);
        } else if (index <= 0xFFFF) {
            path.put((byte) 0x29).put((byte) 0).putShort((short) index);
        } else {
            path.put((byte) 0x2A).put((byte) 0).putInt(index);
        }
    }

    /**
     * The EPATH of a route: port segments (C-1.4.1).
     *
     * @param route pairs of a port and a link, as {@code 1,0} for slot 0 of the backplane; the link behind a port of a network is an address
     * @throws IllegalArgumentException saying how a route is written
     */
    static byte[] route(String route) {
        if (route.equals(DIRECT)) {
            return new byte[0];
        }
        if (!ROUTE.matcher(route).matches()) {
            throw wrong(route);
        }
        String[] parts = route.split(",");
        ByteBuffer path = ByteBuffer.allocate(70 * parts.length);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            int port = Integer.parseInt(parts[i]);
            boolean slot = parts[i + 1].chars().allMatch(Character::isDigit);
            if (port < 1 || port > LAST_PORT || parts.length % 2 != 0 || slot && parts[i + 1].length() > 3) {
                throw wrong(route);
            }
            if (slot) {
                int link = Integer.parseInt(parts[i + 1]);
                if (link > 0xFF) {
                    throw wrong(route);
                }
                path.put((byte) port).put((byte) link);
            } else {
                byte[] link = parts[i + 1].getBytes(StandardCharsets.US_ASCII);
                path.put((byte) (0x10 | port)).put((byte) link.length).put(link);
                pad(path);
            }
        }
        return Arrays.copyOf(path.array(), path.position());
    }

    private static IllegalArgumentException wrong(String route) {
        return new IllegalArgumentException(
                "route must be pairs of port and link such as 1,0 or 1,0,2,192.168.1.5,1,0, or %s, got '%s'"
                        .formatted(DIRECT, route));
    }

    private static void pad(ByteBuffer path) {
        if (path.position() % 2 != 0) {
            path.put((byte) 0);
        }
    }
}
