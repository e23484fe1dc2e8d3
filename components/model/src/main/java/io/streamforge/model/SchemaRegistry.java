package io.streamforge.model;

import org.apache.avro.Schema;

/** The schema registry as the codecs see it: ids for what we write, schemas for what others wrote. */
public interface SchemaRegistry {

    /**
     * The id under which records of this schema are written to the topic's subject ({@code <topic>-value}); registers it if need be.
     *
     * @throws RegistryUnavailableException if the registry was never reached and no cache knows the id
     */
    int idFor(String topic, Schema schema);

    /**
     * The writer's schema of an id found in a record's frame.
     *
     * @throws UnknownSchemaException if the registry answers that there is no such id
     * @throws RegistryUnavailableException if neither a cache nor the registry can say
     */
    Schema byId(int id);

    /** The registry says that there is no such schema: the record is undecodable and stays so. */
    final class UnknownSchemaException extends RuntimeException {
        public UnknownSchemaException(int id) {
            super("Schema id %d is not known to the registry.".formatted(id));
        }
    }

    /** The registry does not answer and no cache can stand in: the caller waits and tries again. */
    final class RegistryUnavailableException extends UnavailableException {
        public RegistryUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
