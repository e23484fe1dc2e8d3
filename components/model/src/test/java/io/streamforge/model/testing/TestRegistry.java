package io.streamforge.model.testing;

import io.streamforge.model.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The schema registry's contract in memory: one id per schema, from 0; a negative id stands for a registry that does not answer. */
public final class TestRegistry implements SchemaRegistry {

    private final List<Schema> schemas = new ArrayList<>();

    @Override
    public int idFor(String topic, Schema schema) {
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        return schemas.indexOf(schema);
    }

    @Override
    public Schema byId(int id) {
        if (id < 0) {
            throw new RegistryUnavailableException("No answer.", new java.net.ConnectException());
        }
        if (id >= schemas.size()) {
            throw new UnknownSchemaException(id);
        }
        return schemas.get(id);
    }
}
