package io.streamforge.timescaledb;

import io.streamforge.model.Decoder;
import io.streamforge.model.SchemaRegistry;
import io.streamforge.model.Schemas;

/** Turns a batch's records into rows, each by the schema it was written with: a sink may read several topics. */
final class RowReader {

    private final Decoder decoder;
    private final CopyBuffer readings = new CopyBuffer();
    private final CopyBuffer aggregates = new CopyBuffer();
    private final CopyBuffer events = new CopyBuffer();

    RowReader(SchemaRegistry registry) {
        this.decoder = new Decoder(registry);
    }

    void clear() {
        readings.clear();
        aggregates.clear();
        events.clear();
    }

    /**
     * @throws io.streamforge.model.UndecodableException if the record cannot be read
     * @throws RefusedRecordException if this sink has no table for it
     */
    void add(byte[] framed) {
        String name = decoder.recordName(framed);
        if (name.equals(Schemas.AGGREGATE.getFullName())) {
            Rows.add(decoder.aggregate(framed), aggregates);
        } else if (name.equals(Schemas.READING.getFullName())) {
            Rows.add(decoder.reading(framed), readings);
        } else if (name.equals(Schemas.EVENT.getFullName())) {
            Rows.add(decoder.event(framed), events);
        } else {
            throw new RefusedRecordException(
                    "This sink writes readings, aggregates and events, got a record of schema '%s'.".formatted(name));
        }
    }

    CopyBuffer readings() {
        return readings;
    }

    CopyBuffer aggregates() {
        return aggregates;
    }

    CopyBuffer events() {
        return events;
    }
}
