package io.streamforge.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/** Holds a stream of server-sent events open and keeps what arrives. */
final class EventReader implements AutoCloseable {

    /** @param name {@code comment} for a comment */
    record Event(String name, String data) {

        JsonNode json() {
            return Api.JSON.readTree(data);
        }
    }

    final List<Event> events = new CopyOnWriteArrayList<>();
    private final InputStream stream;
    private volatile boolean ended;

    EventReader(Api api, String path) {
        try {
            HttpResponse<InputStream> response = Api.HTTP.send(
                    api.request("GET", path, null)
                            .header("Accept", "text/event-stream")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            this.stream = response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Thread reader = new Thread(this::read, "event-reader");
        reader.setDaemon(true);
        reader.start();
    }

    List<JsonNode> named(String name) {
        return events.stream()
                .filter(e -> e.name().equals(name))
                .map(Event::json)
                .toList();
    }

    boolean ended() {
        return ended;
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            String name = "message";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    events.add(new Event("comment", line.substring(1)));
                } else if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    events.add(new Event(name, line.substring(5).strip()));
                }
            }
        } catch (IOException e) {
            // closed by the test or by the server: both are an end
        } finally {
            ended = true;
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
