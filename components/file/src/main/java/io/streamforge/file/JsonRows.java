package io.streamforge.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Documents one after the other, as in JSON lines, or the elements of one array: each is a row. Only one of them is held at a time. */
final class JsonRows implements Rows {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonParser parser;
    private boolean begun;

    JsonRows(Path file) throws IOException {
        parser = JSON.createParser(file.toFile());
    }

    @Override
    public @Nullable Row next() throws IOException {
        try {
            JsonToken token = parser.nextToken();
            if (!begun && token == JsonToken.START_ARRAY) {
                token = parser.nextToken();
            }
            begun = true;
            if (token == JsonToken.END_ARRAY) {
                token = parser.nextToken();
            }
            return token == null ? null : new Row.Content(JSON.<JsonNode>readTree(parser));
        } catch (JsonProcessingException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
