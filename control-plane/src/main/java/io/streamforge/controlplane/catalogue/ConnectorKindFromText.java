package io.streamforge.controlplane.catalogue;

import java.util.Arrays;
import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/** Reads a kind in a query as the API writes it in JSON: {@code source}, {@code sink}. */
@Component
final class ConnectorKindFromText implements Converter<String, ConnectorKind> {

    @Override
    public ConnectorKind convert(String text) {
        return Arrays.stream(ConnectorKind.values())
                .filter(kind -> kind.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("Unknown kind '%s'. Known: source, sink.".formatted(text)));
    }
}
