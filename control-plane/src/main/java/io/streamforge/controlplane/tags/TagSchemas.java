package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.openapi.StreamedTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names this package's types that travel inside a stream or a free-form field, for the OpenAPI document. */
@Configuration
class TagSchemas {

    @Bean
    StreamedTypes tagsTypes() {
        return StreamedTypes.of(TagValue.class, LiveState.class, HistoryResult.class);
    }
}
