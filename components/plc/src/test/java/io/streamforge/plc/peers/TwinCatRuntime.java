package io.streamforge.plc.peers;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A router and a runtime that answer ADS, written from Beckhoff's documentation because no such server installs from a package: "ADS/AMS specification" (AMS/TCP
 * header, AMS header, ADS Read, Write, ReadWrite, Read State), "Specification of the ADS device of the PLC" (index groups 0xF003, 0xF005, 0xF006, 0xF009), "ADS sum
 * command" (0xF081, 0xF082, 0xF084), "ADS symbol information" (0xF00B, 0xF00E, 0xF00F), "ADS return codes". It shares nothing with the code under test; that another's client understands it is a test of its own.
 */
public final class TwinCatRuntime implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.of();

    /** A variable: its name, that of its type, its ADST code, its bytes. */
    private record Variable(String name, String type, int code, byte[] data) {}

    /** What a command or a part of a sum answered. */
    private record Result(int status, byte[] data) {

        static Result of(int status) {
            return new Result(status, new byte[0]);
        }
    }

    private final Listener listener;
    private final Map<String, Variable> variables = new ConcurrentSkipListMap<>();
    private final Map<String, byte[]> types = new ConcurrentSkipListMap<>();
    private final Map<Integer, String> handles = new ConcurrentHashMap<>();
    private final AtomicInteger nextHandle = new AtomicInteger(0x1A000001);
    private final AtomicInteger requests = new AtomicInteger();

    private TwinCatRuntime(int port) {
        listener = new Listener(port, "ams router", this::serve);
    }

    /** With AMS Net Id 5.23.100.7.1.1, the runtime on port 851, and a route to 10.0.0.9.1.1. */
    public static TwinCatRuntime start(int port) {
        return new TwinCatRuntime(port);
    }

    public int port() {
        return listener.port();
    }

    /**
     * Makes a variable.
     *
     * @param type as the program writes it
     * @param code ADST
     * @param data in hex
     */
    public TwinCatRuntime variable(String name, String type, int code, String data) {
        variables.put(name.toUpperCase(Locale.ROOT), new Variable(name, type, code, HEX.parseHex(data)));
        return this;
    }

    /**
     * Makes a structure.
     *
     * @param members each its name, type, ADST code and size, with blanks between them
     */
    public TwinCatRuntime structure(String name, int size, String... members) {
        byte[][] inside = new byte[members.length][];
        for (int i = 0; i < members.length; i++) {
            String[] member = members[i].split(" ");
            inside[i] =
                    type(member[0], member[1], Integer.parseInt(member[2]), Integer.parseInt(member[3]), new int[0]);
        }
        types.put(name, type(name, "", 65, size, new int[0], inside));
        return this;
    }

    /**
     * Makes an array, or another name for a type.
     *
     * @param bounds the first index and the number of elements of each dimension
     */
    public TwinCatRuntime alias(String name, String type, int size, int... bounds) {
        types.put(name, type(name, type, 65, size, bounds));
        return this;
    }

    /** An AdsDatatypeEntry. */
    private static byte[] type(String name, String type, int code, int size, int[] bounds, byte[]... members) {
        int length = 42
                + name.length()
                + type.length()
                + 3
                + 4 * bounds.length
                + Arrays.stream(members).mapToInt(member -> member.length).sum();
        ByteBuffer entry = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(length)
                .putInt(1)
                .putInt(0)
                .putInt(0)
                .putInt(size)
                .putInt(0)
                .putInt(code)
                .putInt(0x81);
        entry.putShort((short) name.length())
                .putShort((short) type.length())
                .putShort((short) 0)
                .putShort((short) (bounds.length / 2))
                .putShort((short) members.length);
        entry.put(name.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 0);
        entry.put(type.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 0).put((byte) 0);
        Arrays.stream(bounds).forEach(entry::putInt);
        Arrays.stream(members).forEach(entry::put);
        return entry.array();
    }

    public TwinCatRuntime remove(String name) {
        variables.remove(name.toUpperCase(Locale.ROOT));
        return this;
    }

    /** What a variable holds, in hex. */
    public String data(String name) {
        return HEX.formatHex(Objects.requireNonNull(variables.get(name.toUpperCase(Locale.ROOT)))
                .data());
    }

    /** As a download does: no handle is valid any more. */
    public TwinCatRuntime download() {
        handles.clear();
        return this;
    }

    /** How many handles are given away. */
    public int handles() {
        return handles.size();
    }

    /** How many requests it was sent. */
    public int requests() {
        return requests.get();
    }

    private void serve(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        while (true) {
            ByteBuffer tcp = little(in.readNBytes(6));
            if (tcp.remaining() < 6) {
                throw new EOFException();
            }
            ByteBuffer ams = little(in.readNBytes(tcp.getInt(2)));
            byte[] target = bytes(ams, 8);
            byte[] source = bytes(ams, 8);
            int command = ams.getShort();
            if (ams.getShort() != 4 || ams.getInt() != ams.limit() - 32 || ams.getInt() != 0) {
                throw new IllegalStateException("no request");
            }
            int invokeId = ams.getInt();
            requests.incrementAndGet();
            if (!HEX.formatHex(source, 0, 6).equals("0a0000090101")) {
                // The router knows no way back and closes the connection.
                return;
            }
            boolean router = HEX.formatHex(target, 0, 6).equals("051764070101");
            int error = !router ? 0x07 : target[6] != 0x53 || target[7] != 0x03 ? 0x06 : 0;
            byte[] answer = error == 0 ? command(command, ams) : new byte[0];
            ByteBuffer frame = ByteBuffer.allocate(38 + answer.length).order(ByteOrder.LITTLE_ENDIAN);
            frame.putShort((short) 0).putInt(32 + answer.length).put(source).put(target);
            frame.putShort((short) command)
                    .putShort((short) 5)
                    .putInt(answer.length)
                    .putInt(error);
            client.getOutputStream().write(frame.putInt(invokeId).put(answer).array());
        }
    }

    private byte[] command(int command, ByteBuffer data) {
        if (command == 4) {
            // ADS state RUN, device state 0
            return new byte[] {0, 0, 0, 0, 5, 0, 0, 0};
        }
        int group = data.getInt();
        int offset = data.getInt();
        int length = data.getInt();
        switch (command) {
            case 2:
                return withLength(readWrite(group, offset, length, new byte[0]));
            case 3:
                return status(write(group, offset, bytes(data, length)));
            case 9:
                return withLength(readWrite(group, offset, length, bytes(data, data.getInt())));
            default:
                return status(0x701);
        }
    }

    private Result readWrite(int group, int offset, int length, byte[] written) {
        return switch (group) {
            case 0xF003 -> handle(written, length);
            case 0xF005 -> value(offset, length);
            case 0xF009 -> info(written, length);
            case 0xF00B -> upload(offset, length, symbols());
            case 0xF00E -> upload(offset, length, joined(types.values()));
            case 0xF00F -> uploadInfo(offset, length);
            case 0xF081, 0xF082, 0xF084 -> sum(group, offset, little(written), length);
            default -> Result.of(0x702);
        };
    }

    private Result handle(byte[] name, int length) {
        if (!variables.containsKey(symbol(name))) {
            return Result.of(0x710);
        }
        if (length < 4) {
            return Result.of(0x705);
        }
        int handle = nextHandle.getAndIncrement();
        handles.put(handle, symbol(name));
        return new Result(0, little(new byte[4]).putInt(handle).array());
    }

    private Result value(int handle, int length) {
        Variable variable = variables.get(handles.getOrDefault(handle, ""));
        if (variable == null) {
            return Result.of(0x710);
        }
        return length > variable.data().length
                ? Result.of(0x705)
                : new Result(0, Arrays.copyOf(variable.data(), length));
    }

    /** An AdsSymbolEntry. */
    private Result info(byte[] name, int length) {
        Variable variable = variables.get(symbol(name));
        if (variable == null) {
            return Result.of(0x710);
        }
        byte[] entry = entry(symbol(name), variable);
        return entry.length > length ? Result.of(0x705) : new Result(0, entry);
    }

    private byte[] symbols() {
        return joined(variables.values().stream()
                .map(variable -> entry(variable.name(), variable))
                .toList());
    }

    private static byte[] joined(Collection<byte[]> entries) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        entries.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** The whole of it, or nothing. */
    private static Result upload(int offset, int length, byte[] all) {
        return offset != 0 ? Result.of(0x703) : length < all.length ? Result.of(0x705) : new Result(0, all);
    }

    /** Symbols and their bytes, types and theirs, dynamic symbols that may be and are. */
    private Result uploadInfo(int offset, int length) {
        ByteBuffer info = little(new byte[24]).putInt(variables.size()).putInt(symbols().length);
        return upload(
                offset,
                length,
                info.putInt(types.size()).putInt(joined(types.values()).length).array());
    }

    private static byte[] entry(String name, Variable variable) {
        byte[] path = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] type = variable.type().getBytes(StandardCharsets.ISO_8859_1);
        byte[] comment = "of the test".getBytes(StandardCharsets.ISO_8859_1);
        int size = 30 + path.length + type.length + comment.length + 3;
        ByteBuffer entry = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        entry.putInt(size)
                .putInt(0x4040)
                .putInt(0x5D000)
                .putInt(variable.data().length)
                .putInt(variable.code())
                .putInt(8);
        entry.putShort((short) path.length).putShort((short) type.length).putShort((short) comment.length);
        return entry.put(path)
                .put((byte) 0)
                .put(type)
                .put((byte) 0)
                .put(comment)
                .array();
    }

    private Result sum(int group, int count, ByteBuffer written, int length) {
        int head = group == 0xF082 ? 16 : 12;
        ByteBuffer data = written.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(head * count);
        Result[] results = new Result[count];
        int size = 0;
        for (int i = 0; i < count; i++) {
            int itemGroup = written.getInt();
            int offset = written.getInt();
            int item = written.getInt();
            results[i] = switch (group) {
                case 0xF081 -> Result.of(write(itemGroup, offset, bytes(data, item)));
                case 0xF082 -> readWrite(itemGroup, offset, item, bytes(data, written.getInt()));
                default -> readWrite(itemGroup, offset, item, new byte[0]);
            };
            size += (group == 0xF081 ? 4 : 8) + results[i].data().length;
        }
        if (size > length || data.hasRemaining() && group != 0xF084) {
            return Result.of(0x705);
        }
        ByteBuffer answer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (Result result : results) {
            answer.putInt(result.status());
            if (group != 0xF081) {
                answer.putInt(result.data().length);
            }
        }
        for (Result result : results) {
            answer.put(result.data());
        }
        return new Result(0, answer.array());
    }

    private int write(int group, int offset, byte[] data) {
        if (group == 0xF006) {
            return handles.remove(little(data).getInt()) == null ? 0x70C : 0;
        }
        if (group != 0xF005) {
            return 0x702;
        }
        Variable variable = variables.get(handles.getOrDefault(offset, ""));
        if (variable == null) {
            return 0x710;
        }
        if (data.length > variable.data().length) {
            return 0x705;
        }
        System.arraycopy(data, 0, variable.data(), 0, data.length);
        return 0;
    }

    /** Names are the same in capitals and in small letters; a zero ends them. */
    private static String symbol(byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return (text.endsWith("\0") ? text.substring(0, text.length() - 1) : text).toUpperCase(Locale.ROOT);
    }

    private static byte[] status(int status) {
        return little(new byte[4]).putInt(status).array();
    }

    private static byte[] withLength(Result result) {
        return little(new byte[8 + result.data().length])
                .putInt(result.status())
                .putInt(result.data().length)
                .put(result.data())
                .array();
    }

    private static byte[] bytes(ByteBuffer buffer, int count) {
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Ends it at once: its connections break. */
    @Override
    public void close() {
        listener.close();
    }
}
