package io.streamforge.file;

import blue.strategic.parquet.Hydrator;
import blue.strategic.parquet.ParquetReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.jspecify.annotations.Nullable;

/** The flat columns of a Parquet file, not compressed, or with Snappy or Zstandard. A timestamp with a logical type becomes ISO 8601, so that its unit is its own. */
final class ParquetRows implements Rows {

    private static final List<CompressionCodecName> READ =
            List.of(CompressionCodecName.UNCOMPRESSED, CompressionCodecName.SNAPPY, CompressionCodecName.ZSTD);

    private final ParquetReader<ObjectNode, ObjectNode, String[]> rows;
    private final Map<String, ChronoUnit> timestamps = new HashMap<>();

    ParquetRows(Path file) throws IOException {
        try {
            rows = ParquetReader.spliterator(file.toFile(), new Columns());
        } catch (RuntimeException e) {
            throw new IOException("not Parquet: " + e.getMessage(), e);
        }
        checkCompression();
        for (ColumnDescriptor column :
                rows.metaData().getFileMetaData().getSchema().getColumns()) {
            LogicalTypeAnnotation type = column.getPrimitiveType().getLogicalTypeAnnotation();
            if (type instanceof TimestampLogicalTypeAnnotation timestamp) {
                timestamps.put(
                        name(column.getPath()),
                        switch (timestamp.getUnit()) {
                            case MILLIS -> ChronoUnit.MILLIS;
                            case MICROS -> ChronoUnit.MICROS;
                            case NANOS -> ChronoUnit.NANOS;
                        });
            }
        }
    }

    /** The other codecs want Hadoop, which is not here. */
    private void checkCompression() throws IOException {
        Set<CompressionCodecName> others = rows.metaData().getBlocks().stream()
                .flatMap(block -> block.getColumns().stream())
                .map(ColumnChunkMetaData::getCodec)
                .filter(codec -> !READ.contains(codec))
                .collect(Collectors.toSet());
        if (!others.isEmpty()) {
            rows.close();
            throw new IOException("Parquet compressed with %s cannot be read, only %s".formatted(others, READ));
        }
    }

    private static String name(String[] path) {
        return String.join(".", path);
    }

    private final class Columns implements Hydrator<ObjectNode, ObjectNode, String[]> {

        @Override
        public ObjectNode start() {
            return JsonNodeFactory.instance.objectNode();
        }

        @Override
        public ObjectNode add(ObjectNode row, String[] path, @Nullable Object value) {
            String name = name(path);
            ChronoUnit unit = timestamps.get(name);
            return row.set(
                    name,
                    unit != null && value instanceof Long count
                            ? JsonNodeFactory.instance.textNode(
                                    Instant.EPOCH.plus(count, unit).toString())
                            : node(value));
        }

        @Override
        public ObjectNode finish(ObjectNode row) {
            return row;
        }
    }

    private static JsonNode node(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        }
        if (value instanceof Integer || value instanceof Long) {
            return nodes.numberNode(((Number) value).longValue());
        }
        if (value instanceof Number number) {
            double real = number.doubleValue();
            return Double.isFinite(real) ? nodes.numberNode(new BigDecimal(number.toString())) : nodes.nullNode();
        }
        return value == null ? nodes.nullNode() : nodes.textNode(value.toString());
    }

    @Override
    public @Nullable Row next() throws IOException {
        ObjectNode[] next = new ObjectNode[1];
        try {
            return rows.tryAdvance(row -> next[0] = row) ? new Row.Content(next[0]) : null;
        } catch (RuntimeException e) {
            throw new IOException("not Parquet: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
