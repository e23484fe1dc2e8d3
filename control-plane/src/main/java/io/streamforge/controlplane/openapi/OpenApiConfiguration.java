package io.streamforge.controlplane.openapi;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.streamforge.controlplane.access.AllowedTo;
import io.streamforge.controlplane.access.Caller;
import io.streamforge.controlplane.access.GatewayIdentity;
import io.streamforge.controlplane.access.User;
import io.streamforge.controlplane.web.Problem;
import io.streamforge.controlplane.web.Version;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document: derived from the handlers and records, so that it cannot say anything else than they do. What is
 * required follows from the absence of {@link Nullable}, what a caller must be from {@link AllowedTo}.
 */
@Configuration
class OpenApiConfiguration {

    private static final String PROBLEM = "#/components/responses/Problem";

    static {
        ModelResolver.enumsAsRef = true;
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(User.class, GatewayIdentity.class)
                .replaceWithSchema(
                        Version.class, new JsonSchema().typesItem("string").example("\"3\""));
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("StreamForge control plane")
                        .version("1")
                        .description("What each gateway runs, and what happens there. Errors are RFC 9457 problems.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .addServersItem(new Server().url("/"))
                .components(new Components()
                        .addSecuritySchemes(
                                "session",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.COOKIE)
                                        .name("sf_session")
                                        .description(
                                                "A browser's session; writes also need X-Requested-With: StreamForge"))
                        .addSecuritySchemes(
                                "bearer",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("A program's session token"))
                        .addSecuritySchemes(
                                "gateway",
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("DPoP")
                                        .description("A gateway's key-bound token with a DPoP proof (RFC 9449)"))
                        .addResponses(
                                "Problem",
                                new ApiResponse()
                                        .description("A problem (RFC 9457)")
                                        .content(new Content()
                                                .addMediaType(
                                                        "application/problem+json",
                                                        new MediaType()
                                                                .schema(new Schema<>()
                                                                        .$ref("#/components/schemas/Problem"))))));
    }

    @Bean
    ModelConverter requiredUnlessNullable() {
        return new RequiredUnlessNullable();
    }

    @Bean
    GlobalOperationCustomizer callersAndProblems() {
        return (operation, handler) -> {
            AllowedTo allowed = handler.getMethodAnnotation(AllowedTo.class);
            Caller caller = allowed == null ? Caller.ANYONE : allowed.value();
            Set<String> problems = new LinkedHashSet<>();
            if (operation.getRequestBody() != null || operation.getParameters() != null) {
                problems.add("400");
            }
            switch (caller) {
                case ANYONE -> {}
                case GATEWAY -> {
                    operation.addSecurityItem(new SecurityRequirement().addList("gateway"));
                    problems.addAll(List.of("401", "403"));
                }
                case VIEWER, OPERATOR, ENGINEER, ADMIN -> {
                    operation.addSecurityItem(new SecurityRequirement().addList("session"));
                    operation.addSecurityItem(new SecurityRequirement().addList("bearer"));
                    problems.addAll(List.of("401", "403"));
                }
            }
            operation.addExtension("x-allowed-to", caller.name());
            problems.addAll(parameterProblems(operation));
            for (String status : problems) {
                operation.getResponses().addApiResponse(status, new ApiResponse().$ref(PROBLEM));
            }
            operation.getResponses().addApiResponse("default", new ApiResponse().$ref(PROBLEM));
            return operation;
        };
    }

    private static List<String> parameterProblems(Operation operation) {
        List<String> problems = new ArrayList<>();
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(parameter -> {
                if ("path".equals(parameter.getIn()) && !problems.contains("404")) {
                    problems.add("404");
                }
                if ("If-Match".equals(parameter.getName())) {
                    problems.addAll(List.of("412", "428"));
                }
            });
        }
        return problems;
    }

    /** Adds the schemas that no handler names, because they travel inside a stream or a free-form field. */
    @Bean
    GlobalOpenApiCustomizer schemasOfStreams(List<StreamedTypes> streamed) {
        return api -> {
            Stream.concat(Stream.of(Problem.class), streamed.stream().flatMap(types -> types.types().stream()))
                    .forEach(type -> ModelConverters.getInstance(true)
                            .readAll(type)
                            .forEach((name, schema) -> {
                                if (!api.getComponents().getSchemas().containsKey(name)) {
                                    api.getComponents().addSchemas(name, schema);
                                }
                            }));
            api.getComponents()
                    .setSchemas(new java.util.TreeMap<>(api.getComponents().getSchemas()));
        };
    }

    /** Marks every component of a record as required unless it is {@link Nullable}, which also may be null. */
    private static final class RequiredUnlessNullable implements ModelConverter {

        @Override
        public @Nullable Schema<?> resolve(
                AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
            if (!chain.hasNext()) {
                return null;
            }
            Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
            if (raw == ObjectNode.class) {
                return new JsonSchema().typesItem("object").additionalProperties(true);
            }
            if (JsonNode.class.isAssignableFrom(raw)) {
                return new JsonSchema();
            }
            Schema<?> answered = chain.next().resolve(type, context, chain);
            if (raw.isRecord() && answered != null) {
                Schema<?> defined = answered.get$ref() == null
                        ? answered
                        : context.getDefinedModels()
                                .get(answered.get$ref()
                                        .substring(answered.get$ref().lastIndexOf('/') + 1));
                if (defined != null && defined.getProperties() != null) {
                    mark(raw, defined);
                }
            }
            return answered;
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static void mark(Class<?> record, Schema<?> schema) {
            Map<String, Schema> properties = new LinkedHashMap<>();
            List<String> required = new ArrayList<>();
            for (RecordComponent component : record.getRecordComponents()) {
                JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
                String name = renamed == null ? component.getName() : renamed.value();
                Schema<?> property = schema.getProperties().get(name);
                if (property == null) {
                    continue;
                }
                if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    properties.put(name, nullable(property));
                } else {
                    required.add(name);
                    properties.put(name, property);
                }
            }
            schema.setProperties(properties);
            schema.setRequired(required);
        }

        private static Schema<?> nullable(Schema<?> property) {
            if (property.get$ref() != null) {
                Schema<?> either = new JsonSchema();
                either.setAnyOf(List.of(new JsonSchema().$ref(property.get$ref()), new JsonSchema().typesItem("null")));
                return either;
            }
            if (property.getTypes() != null) {
                property.addType("null");
            }
            return property;
        }
    }
}
