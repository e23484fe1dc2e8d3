package io.streamforge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.streamforge.adapter.payload.Scalars;
import io.streamforge.http.Readings.Place;
import io.streamforge.model.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** RFC 4180 with commas; the first line names the columns. Columns that nothing maps to are left alone. */
final class CsvBody {

    private static final CsvMapper CSV = CsvMapper.csvBuilder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY, CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final Readings readings;
    private final List<String> columns;

    private CsvBody(Readings readings, List<String> columns) {
        this.readings = readings;
        this.columns = columns;
    }

    static void read(byte[] body, Readings readings) throws RefusedException {
        int line = 1;
        try (MappingIterator<String[]> rows = CSV.readerFor(String[].class).readValues(body)) {
            if (!rows.hasNext()) {
                return;
            }
            CsvBody table = new CsvBody(
                    readings, Arrays.stream(rows.next()).map(String::strip).toList());
            table.checkHead();
            while (rows.hasNext()) {
                String[] row = rows.next();
                line = rows.getParser().currentLocation().getLineNr() - 1;
                table.reading(Place.line(line), row);
            }
        } catch (JsonProcessingException e) {
            throw new RefusedException(
                    Refusal.of(400, "The body is not CSV after line %d: %s.".formatted(line, e.getOriginalMessage())));
        } catch (IOException | RuntimeException e) {
            throw new RefusedException(
                    Refusal.of(400, "The body is not CSV after line %d: %s.".formatted(line, e.getMessage())));
        }
    }

    private void checkHead() throws RefusedException {
        for (String column :
                List.of(readings.mapping().parameter(), readings.mapping().value())) {
            if (!columns.contains(column)) {
                throw new RefusedException(Refusal.of(
                        400,
                        "The first line must name the columns: column '%s' is missing among %s."
                                .formatted(column, Scalars.shown(columns.toString()))));
            }
        }
    }

    private void reading(Place place, String[] row) throws RefusedException {
        readings.next();
        if (row.length != columns.size()) {
            readings.fault(place, null, "A line must have %d columns, got %d".formatted(columns.size(), row.length));
            return;
        }
        Mapping mapping = readings.mapping();
        String time = cell(row, mapping.timestamp());
        readings.add(
                place,
                cell(row, mapping.asset()),
                cell(row, mapping.parameter()),
                value(place, cell(row, mapping.value())),
                cell(row, mapping.unit()),
                time.isEmpty() ? null : readings.time(place, time, mapping.epochUnit()));
    }

    private String cell(String[] row, String column) {
        int index = columns.indexOf(column);
        return index < 0 ? "" : row[index].strip();
    }

    private @Nullable Value value(Place place, String text) {
        if (text.isEmpty()) {
            readings.fault(place, readings.mapping().value(), "is missing");
            return null;
        }
        if (Scalars.NUMBER.matcher(text).matches()) {
            return readings.number(
                    place,
                    readings.mapping().value(),
                    text,
                    Scalars.WHOLE.matcher(text).matches(),
                    new BigDecimal(text));
        }
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return new Value.Flag(Boolean.parseBoolean(text));
        }
        if (text.equalsIgnoreCase("nan") || text.toLowerCase(Locale.ROOT).contains("infinity")) {
            readings.fault(place, readings.mapping().value(), "must be a value, got %s".formatted(Scalars.shown(text)));
            return null;
        }
        return new Value.Text(text);
    }
}
