package io.streamforge.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.streamforge.adapter.payload.Scalars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** RFC 4180 with commas, as JSON documents, one per line: numbers and flags are what they look like, an empty cell is null. */
final class CsvLines {

    private static final CsvMapper CSV = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY, CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private CsvLines() {}

    /**
     * @param header whether the first line names the cells of the others
     * @throws IOException if it is no CSV
     */
    static List<JsonNode> read(byte[] payload, boolean header) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        List<String> names = List.of();
        boolean first = header;
        try (MappingIterator<String[]> rows = CSV.readerFor(String[].class).readValues(payload)) {
            while (rows.hasNext()) {
                String[] cells = rows.next();
                if (first) {
                    names = Arrays.stream(cells).map(String::strip).toList();
                    first = false;
                } else {
                    lines.add(header ? object(names, cells) : list(cells));
                }
            }
        } catch (RuntimeException e) {
            throw new IOException("not CSV after line %d".formatted(lines.size()), e);
        }
        return lines;
    }

    private static ObjectNode object(List<String> names, String[] cells) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < Math.min(names.size(), cells.length); i++) {
            line.set(names.get(i), Scalars.cell(cells[i]));
        }
        return line;
    }

    private static ArrayNode list(String[] cells) {
        ArrayNode line = JsonNodeFactory.instance.arrayNode(cells.length);
        for (String cell : cells) {
            line.add(Scalars.cell(cell));
        }
        return line;
    }
}
