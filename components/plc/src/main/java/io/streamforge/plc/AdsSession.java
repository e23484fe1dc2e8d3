package io.streamforge.plc;

import io.streamforge.adapter.Browser.Page;
import io.streamforge.adapter.Pace;
import io.streamforge.model.Value;
import io.streamforge.plc.Reply.Outcome;
import io.streamforge.plc.Variable.Symbol;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * ADS to a TwinCAT runtime over AMS/TCP (Beckhoff, "ADS/AMS specification"). Variables are asked for by handles, which the runtime refuses once a program was
 * downloaded or changed; an address in its memory it would answer with whatever is there now.
 */
final class AdsSession extends AmsSession {

    /** What the router of a PC takes in one piece. */
    static final int MOST_BYTES = 30_000;

    /** Symbols and types of a very large program. */
    private static final int LONGEST_UPLOAD = 1 << 26;

    private static final int READ = 2;
    private static final int READ_STATE = 4;
    private static final int WRITE = 3;
    private static final int READ_WRITE = 9;

    private static final int HANDLE_BY_NAME = 0xF003;
    private static final int VALUE_BY_HANDLE = 0xF005;
    private static final int RELEASE_HANDLE = 0xF006;
    private static final int INFO_BY_NAME = 0xF009;
    private static final int SYMBOL_UPLOAD = 0xF00B;
    private static final int TYPE_UPLOAD = 0xF00E;
    private static final int UPLOAD_INFO = 0xF00F;
    private static final int SUM_WRITE = 0xF081;
    private static final int SUM_READ_WRITE = 0xF082;
    private static final int SUM_READ = 0xF084;

    /** Room for a description: its head and three texts. */
    private static final int LONGEST_INFO = 1024;

    /** A variable that is known on this connection. */
    private record Handle(int number, AdsSymbol symbol) {

        /** What is read for a row; of a type that is not read one byte, because a handle is refused only where it is used. */
        int bytes(Variable variable) {
            return symbol.type() == null ? 1 : symbol.size() * Math.min(symbol.count(), variable.elements());
        }
    }

    /** What a part of a sum answered. */
    private record Part(int status, ByteBuffer data) {}

    /** By row. */
    private final Map<Integer, Handle> handles = new ConcurrentHashMap<>();

    AdsSession(PlcConfig config, Pace pace) {
        super(config, pace);
    }

    /** How much of an answer a variable takes; its type is not known before it was read. */
    static int bytes(Variable variable) {
        return 12 + Long.BYTES * variable.elements();
    }

    /** An answer shows that the router has a route back to here, and that there is a runtime. */
    @Override
    void introduce() throws IOException {
        refuse(exchange(READ_STATE, ByteBuffer.allocate(0)).getInt());
    }

    private static void refuse(int status) throws IOException {
        if (status != AdsStatus.OK) {
            throw new IOException("the runtime answers " + AdsStatus.text(status));
        }
    }

    @Override
    Reply ask(List<Point> request) throws IOException {
        Map<Integer, Outcome> unknown = resolve(request.stream()
                .filter(point -> !handles.containsKey(point.row()))
                .toList());
        List<Point> known = request.stream()
                .filter(point -> handles.containsKey(point.row()))
                .toList();
        Map<Integer, Outcome> outcomes = new HashMap<>(unknown);
        if (!known.isEmpty()) {
            ByteBuffer items = little(12 * known.size());
            int expected = 0;
            for (Point point : known) {
                Handle handle = handle(point);
                items.putInt(VALUE_BY_HANDLE).putInt(handle.number()).putInt(handle.bytes(point.variable()));
                expected += 8 + handle.bytes(point.variable());
            }
            List<Part> parts = parts(sum(SUM_READ, known.size(), expected, items), known.size());
            for (int i = 0; i < known.size(); i++) {
                outcomes.put(known.get(i).row(), outcome(known.get(i), parts.get(i)));
            }
        }
        List<Outcome> ordered = new ArrayList<>();
        for (Point point : request) {
            ordered.add(outcomes.getOrDefault(point.row(), new Reply.Refused("handle", "no answer for this variable")));
        }
        return new Reply.Answer(ordered);
    }

    /** A handle that is refused is asked for anew with the next poll: the program has changed. */
    private Outcome outcome(Point point, Part part) {
        Handle handle = handle(point);
        if (part.status() != AdsStatus.OK) {
            handles.remove(point.row());
            String text = AdsStatus.text(part.status());
            return new Reply.Refused(text, text);
        }
        return handle.symbol().decode(point, part.data());
    }

    private Handle handle(Point point) {
        Handle handle = handles.get(point.row());
        if (handle == null) {
            throw new IllegalStateException(point.name());
        }
        return handle;
    }

    /** Asks for type and handle of variables; those that have none are in the answer. */
    private Map<Integer, Outcome> resolve(List<Point> points) throws IOException {
        if (points.isEmpty()) {
            return Map.of();
        }
        int texts = points.stream().mapToInt(point -> name(point).length).sum();
        ByteBuffer items = little(2 * (16 * points.size() + texts));
        for (Point point : points) {
            items.putInt(INFO_BY_NAME).putInt(0).putInt(LONGEST_INFO).putInt(name(point).length);
            items.putInt(HANDLE_BY_NAME).putInt(0).putInt(4).putInt(name(point).length);
        }
        points.forEach(point -> items.put(name(point)).put(name(point)));
        int expected = points.size() * (8 + LONGEST_INFO + 8 + 4);
        List<Part> parts = parts(sum(SUM_READ_WRITE, 2 * points.size(), expected, items), 2 * points.size());
        Map<Integer, Outcome> unknown = new HashMap<>();
        for (int i = 0; i < points.size(); i++) {
            Part info = parts.get(2 * i);
            Part handle = parts.get(2 * i + 1);
            if (handle.status() == AdsStatus.OK && info.status() == AdsStatus.OK) {
                handles.put(points.get(i).row(), new Handle(handle.data().getInt(), symbol(info.data())));
            } else {
                String text = AdsStatus.text(handle.status() == AdsStatus.OK ? info.status() : handle.status());
                unknown.put(points.get(i).row(), new Reply.Refused(text, text));
            }
        }
        return unknown;
    }

    private static byte[] name(Point point) {
        return (((Symbol) point.variable()).name() + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** An AdsSymbolEntry: lengths and numbers, then name, type and comment, each with a zero behind it. */
    private static AdsSymbol symbol(ByteBuffer entry) {
        take(entry, 12);
        int size = entry.getInt();
        int code = entry.getInt();
        entry.getInt();
        int name = entry.getShort() & 0xFFFF;
        int type = entry.getShort() & 0xFFFF;
        entry.getShort();
        take(entry, name + 1);
        String text = StandardCharsets.ISO_8859_1.decode(take(entry, type)).toString();
        return AdsSymbol.of(text, code, size);
    }

    /** How many symbols and types there are, in how many bytes; then all of them. */
    @Override
    public Page list(List<String> place, int from, int limit) throws IOException {
        ByteBuffer info = upload(UPLOAD_INFO, 24);
        info.getInt();
        int symbols = info.getInt();
        info.getInt();
        int types = info.getInt();
        if (symbols < 0 || symbols > LONGEST_UPLOAD || types < 0 || types > LONGEST_UPLOAD) {
            throw new ProtocolException("symbols of %d bytes and types of %d".formatted(symbols, types));
        }
        expect(Math.max(symbols, types));
        AdsProgram program = new AdsProgram(upload(SYMBOL_UPLOAD, symbols), upload(TYPE_UPLOAD, types));
        return Named.page(program::top, place, from, limit);
    }

    private ByteBuffer upload(int group, int bytes) throws IOException {
        ByteBuffer answer = exchange(READ, little(12).putInt(group).putInt(0).putInt(bytes));
        refuse(answer.getInt());
        return take(answer, answer.getInt());
    }

    /** Status and length of each part, then their data, which have the lengths that were told. */
    private static List<Part> parts(ByteBuffer answer, int count) {
        ByteBuffer heads = take(answer, 8 * count);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int status = heads.getInt();
            parts.add(new Part(status, take(answer, heads.getInt())));
        }
        return parts;
    }

    private ByteBuffer sum(int group, int count, int expected, ByteBuffer items) throws IOException {
        ByteBuffer answer = exchange(
                READ_WRITE,
                little(16 + items.capacity())
                        .putInt(group)
                        .putInt(count)
                        .putInt(expected)
                        .putInt(items.capacity())
                        .put(items.array()));
        refuse(answer.getInt());
        return take(answer, answer.getInt());
    }

    @Override
    Outcome tell(Point point, Value value) throws IOException {
        if (!handles.containsKey(point.row())) {
            Outcome unknown = resolve(List.of(point)).get(point.row());
            if (unknown != null) {
                return unknown;
            }
        }
        Handle handle = handle(point);
        byte[] bytes = handle.symbol().encode(point, value);
        ByteBuffer answer = exchange(
                WRITE,
                little(12 + bytes.length)
                        .putInt(VALUE_BY_HANDLE)
                        .putInt(handle.number())
                        .putInt(bytes.length)
                        .put(bytes));
        return outcome(point, new Part(answer.getInt(), ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)));
    }

    /** Gives the handles back, and does not wait for an answer: the runtime would keep them otherwise. */
    @Override
    public void close() {
        List<Handle> kept = List.copyOf(handles.values());
        if (!kept.isEmpty()) {
            ByteBuffer items = little(16 + 16 * kept.size())
                    .putInt(SUM_WRITE)
                    .putInt(kept.size())
                    .putInt(4 * kept.size())
                    .putInt(16 * kept.size());
            kept.forEach(handle -> items.putInt(RELEASE_HANDLE).putInt(0).putInt(4));
            kept.forEach(handle -> items.putInt(handle.number()));
            try {
                sendUnasked(frame(READ_WRITE, items));
            } catch (IOException e) {
                // The runtime is not there to keep them.
            }
        }
        super.close();
    }
}
