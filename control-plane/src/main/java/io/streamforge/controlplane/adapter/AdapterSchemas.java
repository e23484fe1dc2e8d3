package io.streamforge.controlplane.adapter;

import io.streamforge.controlplane.openapi.StreamedTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names this package's types that travel inside a stream or a free-form field, for the OpenAPI document. */
@Configuration
class AdapterSchemas {

    @Bean
    StreamedTypes adapterTypes() {
        return StreamedTypes.of(ConnectionResult.class, BrowsedPage.class);
    }
}
