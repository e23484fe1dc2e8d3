package io.streamforge.controlplane.gateway;

import io.streamforge.controlplane.openapi.StreamedTypes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Names this package's types that travel inside a stream or a free-form field, for the OpenAPI document. */
@Configuration
class GatewaySchemas {

    @Bean
    StreamedTypes gatewayTypes() {
        return StreamedTypes.of(
                Arguments.WatchTags.class,
                Arguments.ReadHistory.class,
                Arguments.RestartRoute.class,
                Arguments.Replay.class,
                Arguments.CancelReplay.class,
                Arguments.TestConnection.class,
                Arguments.Browse.class,
                Arguments.DecideLetters.class,
                Arguments.PlanChanged.class);
    }
}
