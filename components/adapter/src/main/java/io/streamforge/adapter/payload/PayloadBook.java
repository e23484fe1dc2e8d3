package io.streamforge.adapter.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.streamforge.adapter.PointBook;
import io.streamforge.adapter.PointBook.Signal;
import io.streamforge.adapter.payload.PayloadMapping.Fault;
import io.streamforge.adapter.payload.PayloadMapping.Found;
import io.streamforge.adapter.payload.PayloadMapping.Result;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import io.streamforge.model.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A mapping whose documents come from one device, one after the other: a row that is a point of its own begins to fail, and is told as BAD, when its
 * value is not in the document. What rows with lists and placeholders lack belongs to no point, and is counted.
 */
public final class PayloadBook {

    /** Decimals stay what was written: a time in seconds keeps its microseconds. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final PayloadMapping mapping;
    private final PointBook book;
    /** The place in the book of each row that is a point of its own, -1 of the others. */
    private final int[] places;

    private final List<Sample> others = new ArrayList<>();
    private long unusable;

    public PayloadBook(PayloadMapping mapping) {
        this.mapping = mapping;
        this.places = new int[mapping.rows()];
        List<Integer> points = IntStream.range(0, places.length)
                .filter(mapping::isSingle)
                .boxed()
                .toList();
        IntStream.range(0, places.length).forEach(row -> places[row] = points.indexOf(row));
        this.book = new PointBook(
                points, row -> new Signal(mapping.label(row), mapping.asset(row), mapping.unit(row), false));
    }

    /** What is failed, and how it is told. */
    public PointBook points() {
        return book;
    }

    /** Values that could not be used and belong to no point, since the start. */
    public long unusable() {
        return unusable;
    }

    /**
     * A document has come.
     *
     * @throws IOException if it is no JSON; the message says where
     */
    public void read(byte[] document, Instant gatewayTime) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        }
        read(root, gatewayTime);
    }

    /** A document has come. */
    public void read(JsonNode document, Instant gatewayTime) {
        begin();
        Result result = mapping.read(document, name -> null, gatewayTime);
        for (Fault fault : result.faults()) {
            int place = places[fault.row()];
            if (place >= 0) {
                book.fail(place, fault.reason());
            } else {
                unusable++;
            }
        }
        for (Found found : result.found()) {
            int place = places[found.row()];
            Sample sample = found.sample();
            Value value = sample.value();
            if (place < 0 || value == null) {
                others.add(sample);
            } else {
                book.read(place, value, sample.quality(), sample.reason(), sample.deviceTime(), gatewayTime);
            }
        }
    }

    /** No document has come, or none that can be read. */
    public void fail(String reason) {
        begin();
        book.failTheRest(reason);
    }

    private void begin() {
        book.begin();
        others.clear();
    }

    /** Everything the last document gave, and what began to fail with it. */
    public List<Observation> observations(Instant now) {
        List<Observation> seen = book.observations(now);
        seen.addAll(others);
        return seen;
    }
}
