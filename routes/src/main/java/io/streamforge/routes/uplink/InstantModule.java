package io.streamforge.routes.uplink;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Instants as ISO 8601 texts in UTC, the only date the API has; spares the gateway a library. */
public final class InstantModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    public InstantModule() {
        addSerializer(Instant.class, ToStringSerializer.instance);
        addDeserializer(Instant.class, new FromText());
    }

    private static final class FromText extends FromStringDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        FromText() {
            super(Instant.class);
        }

        @Override
        protected Instant _deserialize(String value, DeserializationContext context) throws java.io.IOException {
            try {
                return Instant.parse(value);
            } catch (DateTimeParseException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, value, "not an ISO 8601 time in UTC");
            }
        }
    }
}
