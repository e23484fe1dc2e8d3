package io.streamforge.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a stage knows about each signal, found by the UTF-8 bytes of asset and parameter as they stand in a record. A stage looks one up per
 * record, so a look-up makes no object: an open-addressing table with linear probing whose removals close the gap at once.
 *
 * <p>Confined to its route's thread.
 */
public final class SeriesMap<V> {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MINIMUM_CAPACITY = 64;

    private record Entry<V>(int hash, byte[] asset, byte[] parameter, V value) {}

    private @Nullable Entry<V>[] table = newTable(MINIMUM_CAPACITY);
    private int size;

    /** How many signals it holds. */
    public int size() {
        return size;
    }

    /** What is known about the signal whose names stand at these places of the record, or null. */
    public @Nullable V get(byte[] record, int assetOffset, int assetLength, int parameterOffset, int parameterLength) {
        int hash = hash(record, assetOffset, assetLength, parameterOffset, parameterLength);
        Entry<V> entry = table[find(hash, record, assetOffset, assetLength, parameterOffset, parameterLength)];
        return entry == null ? null : entry.value;
    }

    /** Sets what is known about a signal; the arrays are kept and must not change afterwards. */
    public void put(byte[] asset, byte[] parameter, V value) {
        int hash = hash(asset, parameter);
        int slot = find(hash, asset, parameter);
        if (table[slot] == null) {
            size++;
        }
        table[slot] = new Entry<>(hash, asset, parameter, value);
        if (size * 2 > table.length) {
            grow();
        }
    }

    /** Drops what is known about a signal. */
    public void remove(byte[] asset, byte[] parameter) {
        int slot = find(hash(asset, parameter), asset, parameter);
        if (table[slot] == null) {
            return;
        }
        size--;
        int mask = table.length - 1;
        int gap = slot;
        int next = (gap + 1) & mask;
        for (Entry<V> moved = table[next]; moved != null; moved = table[next]) {
            int home = moved.hash & mask;
            if (((next - home) & mask) >= ((next - gap) & mask)) {
                table[gap] = moved;
                gap = next;
            }
            next = (next + 1) & mask;
        }
        table[gap] = null;
    }

    /** In no order. */
    public void forEach(Consumer<? super V> each) {
        for (Entry<V> entry : table) {
            if (entry != null) {
                each.accept(entry.value);
            }
        }
    }

    /** Drops what is known about every signal that the test says is over. */
    public void removeIf(Predicate<? super V> over) {
        @Nullable Entry<V>[] old = table;
        table = newTable(old.length);
        size = 0;
        for (Entry<V> entry : old) {
            if (entry != null && !over.test(entry.value)) {
                place(entry);
                size++;
            }
        }
    }

    private int find(int hash, byte[] asset, byte[] parameter) {
        return find(hash, asset, 0, asset.length, parameter, 0, parameter.length);
    }

    private int find(int hash, byte[] record, int assetAt, int assetLength, int parameterAt, int parameterLength) {
        return find(hash, record, assetAt, assetLength, record, parameterAt, parameterLength);
    }

    /** The slot of the signal, or the free slot where it would stand. */
    private int find(
            int hash,
            byte[] assetIn,
            int assetAt,
            int assetLength,
            byte[] parameterIn,
            int parameterAt,
            int parameterLength) {
        int mask = table.length - 1;
        int slot = hash & mask;
        for (Entry<V> entry = table[slot]; entry != null; entry = table[slot]) {
            if (entry.hash == hash
                    && Arrays.equals(entry.asset, 0, entry.asset.length, assetIn, assetAt, assetAt + assetLength)
                    && Arrays.equals(
                            entry.parameter,
                            0,
                            entry.parameter.length,
                            parameterIn,
                            parameterAt,
                            parameterAt + parameterLength)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        @Nullable Entry<V>[] old = table;
        table = newTable(old.length * 2);
        for (Entry<V> entry : old) {
            if (entry != null) {
                place(entry);
            }
        }
    }

    private void place(Entry<V> entry) {
        int mask = table.length - 1;
        int slot = entry.hash & mask;
        while (table[slot] != null) {
            slot = (slot + 1) & mask;
        }
        table[slot] = entry;
    }

    @SuppressWarnings("unchecked")
    private static <V> @Nullable Entry<V>[] newTable(int capacity) {
        return (Entry<V>[]) new Entry<?>[capacity];
    }

    private static int hash(byte[] asset, byte[] parameter) {
        return fold(mix(mix(0, asset, 0, asset.length), parameter, 0, parameter.length));
    }

    private static int hash(byte[] record, int assetOffset, int assetLength, int parameterOffset, int parameterLength) {
        return fold(mix(mix(0, record, assetOffset, assetLength), record, parameterOffset, parameterLength));
    }

    /** Eight bytes a step; the length goes in, so that the border between two names counts. */
    private static long mix(long seed, byte[] bytes, int offset, int length) {
        long h = seed + length;
        int at = offset;
        int end = offset + length;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            h = step(h, (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | (bytes[at] & 0xFF);
        }
        return step(h, rest);
    }

    private static long step(long h, long word) {
        long mixed = (h ^ word) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 32);
    }

    private static int fold(long h) {
        return (int) (h ^ (h >>> 29));
    }
}
