package io.streamforge.model;

import org.apache.avro.Schema;

/**
 * Walks a body by its writer's schema before Avro's own reader sees it. That reader believes lengths and counts: a few wrong bytes make it
 * allocate gigabytes or leave its own exception types.
 */
final class BodyCheck {

    private static final int DEEPEST = 64;

    private final BinaryReader in = new BinaryReader();

    private BodyCheck() {}

    /** @throws UndecodableException unless the record's body is exactly one datum of this schema */
    static void check(Schema writer, byte[] framed) {
        BodyCheck check = new BodyCheck();
        check.in.reset(framed, Frame.LENGTH);
        check.walk(writer, writer.getName(), 0);
        check.in.expectEnd();
    }

    private void walk(Schema schema, String field, int depth) {
        if (depth > DEEPEST) {
            throw in.malformed(field, "records must not be nested deeper than " + DEEPEST);
        }
        switch (schema.getType()) {
            case NULL -> {}
            case BOOLEAN -> in.readBoolean(field);
            case INT -> in.readInt(field);
            case LONG -> in.readLong(field);
            case FLOAT -> in.skip(field, Float.BYTES);
            case DOUBLE -> in.skip(field, Double.BYTES);
            case STRING, BYTES -> in.skip(field, in.readLength(field));
            case FIXED -> in.skip(field, schema.getFixedSize());
            case ENUM -> index(field, schema.getEnumSymbols().size());
            case UNION ->
                walk(schema.getTypes().get(index(field, schema.getTypes().size())), field, depth + 1);
            case RECORD -> {
                for (Schema.Field member : schema.getFields()) {
                    walk(member.schema(), member.name(), depth + 1);
                }
            }
            case ARRAY -> blocks(field, () -> walk(schema.getElementType(), field, depth + 1));
            case MAP ->
                blocks(field, () -> {
                    in.skip(field, in.readLength(field));
                    walk(schema.getValueType(), field, depth + 1);
                });
        }
    }

    private int index(String field, int count) {
        int index = in.readInt(field);
        if (index < 0 || index >= count) {
            throw in.malformed(field, "an index must lie between 0 and %d, got %d".formatted(count - 1, index));
        }
        return index;
    }

    /** Blocks of items up to an empty one; a negative count is followed by the block's size in bytes, by which a reader may skip it. */
    private void blocks(String field, Runnable item) {
        for (long count = in.readLong(field); count != 0; count = in.readLong(field)) {
            long end = count < 0 ? in.readLong(field) + in.position() : -1;
            long items = Math.abs(count);
            if (items < 0 || items > in.remaining()) {
                throw in.malformed(field, "a block must not hold more items than the record has bytes left");
            }
            for (long i = 0; i < items; i++) {
                item.run();
            }
            if (count < 0 && end != in.position()) {
                throw in.malformed(field, "a block must end where its size says");
            }
        }
    }
}
