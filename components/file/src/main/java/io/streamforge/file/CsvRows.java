package io.streamforge.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.streamforge.adapter.payload.Scalars;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RFC 4180 in UTF-8; the first line names the columns. */
final class CsvRows implements Rows {

    private static final CsvMapper CSV = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY, CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final MappingIterator<String[]> lines;
    private final List<String> columns;

    CsvRows(Path file, char delimiter) throws IOException {
        try {
            lines = CSV.readerFor(String[].class)
                    .with(CsvSchema.emptySchema().withColumnSeparator(delimiter))
                    .readValues(Files.newBufferedReader(file));
        } catch (CharacterCodingException e) {
            throw notUtf8(e);
        }
        String[] head = read();
        columns = head == null
                ? List.of()
                : Arrays.stream(head)
                        .map(name -> name.replace(BYTE_ORDER_MARK, "").strip())
                        .toList();
    }

    @Override
    public @Nullable Row next() throws IOException {
        String[] cells = read();
        if (cells == null) {
            return null;
        }
        if (cells.length != columns.size()) {
            return new Row.Malformed(
                    "a line must have %d columns, got %d".formatted(columns.size(), cells.length),
                    String.join(",", cells));
        }
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.length; i++) {
            row.set(columns.get(i), Scalars.cell(cells[i]));
        }
        return new Row.Content(row);
    }

    private String @Nullable [] read() throws IOException {
        try {
            return lines.hasNextValue() ? lines.nextValue() : null;
        } catch (JsonProcessingException e) {
            throw new IOException("not CSV: " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw notUtf8(e);
        } catch (RuntimeJsonMappingException e) {
            throw new IOException("not CSV: " + e.getMessage(), e);
        }
    }

    private static IOException notUtf8(CharacterCodingException e) {
        return new IOException("not UTF-8", e);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
