package io.streamforge.controlplane.openapi;

import java.util.List;

/** Types that belong into the OpenAPI document although no handler names them: a bean per package that has some. */
public record StreamedTypes(List<Class<?>> types) {

    public static StreamedTypes of(Class<?>... types) {
        return new StreamedTypes(List.of(types));
    }
}
