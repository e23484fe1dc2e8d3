package io.streamforge.plc;

import io.streamforge.plc.Named.Dimension;
import io.streamforge.plc.Named.Inside;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a TwinCAT program as its runtime uploads them (Beckhoff, "ADS symbol information": AdsSymbolEntry, AdsDatatypeEntry). TwinCAT 3 names
 * instances only; what is in them say the types. Everything is little-endian.
 */
final class AdsProgram {

    private record Symbol(String name, String type, String comment, int code, int size) {}

    /**
     * A type, or a member of one.
     *
     * @param type what it is another name for, what its elements are, or what a member is; empty for none
     */
    private record Type(
            String name,
            String type,
            String comment,
            int code,
            int size,
            List<Dimension> dimensions,
            List<Type> members) {}

    /** Names for names end. */
    private static final int MOST_ALIASES = 16;

    private final List<Symbol> symbols = new ArrayList<>();
    private final Map<String, Type> types = new HashMap<>();

    AdsProgram(ByteBuffer symbols, ByteBuffer types) {
        while (symbols.hasRemaining()) {
            this.symbols.add(symbol(SocketSession.take(symbols, symbols.getInt() - Integer.BYTES)));
        }
        while (types.hasRemaining()) {
            Type type = type(types, true);
            this.types.put(type.name, type);
        }
    }

    /** Group, offset, size, type, flags (4 bytes each), three lengths (2 each), then the texts, each with a zero behind it. */
    private static Symbol symbol(ByteBuffer entry) {
        SocketSession.take(entry, 8);
        int size = entry.getInt();
        int code = entry.getInt();
        entry.getInt();
        int name = entry.getShort() & 0xFFFF;
        int type = entry.getShort() & 0xFFFF;
        int comment = entry.getShort() & 0xFFFF;
        return new Symbol(text(entry, name), text(entry, type), text(entry, comment), code, size);
    }

    /** Length, version, two hashes, size, offset, type, flags (4 bytes each), three lengths, dimensions, members (2 each), texts, dimensions, members; members of members are for their own types to say. */
    private static Type type(ByteBuffer data, boolean whole) {
        ByteBuffer entry = SocketSession.take(data, data.getInt() - Integer.BYTES);
        SocketSession.take(entry, 12);
        int size = entry.getInt();
        entry.getInt();
        int code = entry.getInt();
        entry.getInt();
        int nameLength = entry.getShort() & 0xFFFF;
        int typeLength = entry.getShort() & 0xFFFF;
        int commentLength = entry.getShort() & 0xFFFF;
        int dimensions = entry.getShort() & 0xFFFF;
        int members = entry.getShort() & 0xFFFF;
        String name = text(entry, nameLength);
        String type = text(entry, typeLength);
        String comment = text(entry, commentLength);
        List<Dimension> bounds = new ArrayList<>();
        for (int i = 0; i < dimensions; i++) {
            bounds.add(new Dimension(entry.getInt(), entry.getInt()));
        }
        List<Type> inside = new ArrayList<>();
        for (int i = 0; whole && i < members; i++) {
            inside.add(type(entry, false));
        }
        return new Type(name, type, comment, code, size, bounds, inside);
    }

    private static String text(ByteBuffer entry, int length) {
        ByteBuffer text = SocketSession.take(entry, length + 1);
        return StandardCharsets.ISO_8859_1.decode(text.limit(length)).toString();
    }

    /** The programs and lists of global variables, and the variables that are in none. */
    List<Named> top() {
        return below("");
    }

    /** What the names of symbols that begin so go on with, up to the next dot; TwinCAT 2 begins global variables with one. */
    private List<Named> below(String prefix) {
        Map<String, Symbol> exact = new HashMap<>();
        Map<String, Boolean> deeper = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Symbol symbol : symbols) {
            if (symbol.name.startsWith(prefix)) {
                int dot = symbol.name.indexOf('.', prefix.length() + 1);
                String part = symbol.name.substring(prefix.length(), dot < 0 ? symbol.name.length() : dot);
                deeper.merge(part, dot >= 0, Boolean::logicalOr);
                if (dot < 0) {
                    exact.put(part, symbol);
                }
            }
        }
        List<Named> names = new ArrayList<>();
        deeper.forEach((part, branch) -> {
            Symbol symbol = exact.get(part);
            String address = prefix + part;
            Inside more = branch ? () -> below(address + ".") : null;
            names.add(
                    symbol == null
                            ? new Named(part, address, "", 0, more)
                            : named(part, address, symbol.type, symbol.comment, symbol.code, symbol.size, more));
        });
        return names;
    }

    /** @param listed what the symbols say is in it; null if that is for its type to say */
    private Named named(
            String name, String address, String type, String comment, int code, int size, @Nullable Inside listed) {
        int elements = AdsSymbol.of(type, code, size).elements(address);
        return new Named(
                name,
                address,
                comment.isBlank() ? type : "%s: %s".formatted(type, comment.strip()),
                elements,
                listed == null && elements == 0 ? inside(address, type) : listed);
    }

    /** The members of a structure or function block, the elements of an array of such; null for all others. */
    private @Nullable Inside inside(String address, String name) {
        Type found = types.get(name);
        for (int i = 0;
                i < MOST_ALIASES && found != null && found.members.isEmpty() && found.dimensions.isEmpty();
                i++) {
            found = types.get(found.type);
        }
        if (found == null) {
            return null;
        }
        Type type = found;
        if (!type.members.isEmpty()) {
            return () -> type.members.stream()
                    .map(member -> named(
                            member.name,
                            address + "." + member.name,
                            member.type,
                            member.comment,
                            member.code,
                            member.size,
                            null))
                    .toList();
        }
        return type.dimensions.isEmpty()
                ? null
                : () -> Named.indexes(type.dimensions).stream()
                        .map(index -> named(index, address + index, type.type, "", type.code, 0, null))
                        .toList();
    }
}
