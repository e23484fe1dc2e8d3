package io.streamforge.opcua;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.ConnectionTester;
import io.streamforge.adapter.DataFolderAware;
import io.streamforge.model.Observation;
import io.streamforge.model.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.UaException;

/** Tries a server once: connects with the same certificates as a running route and reads every point. */
public final class OpcUaTester implements ConnectionTester, DataFolderAware {

    private Path pki = Path.of("opcua");

    @Override
    public String connector() {
        return "opcua-source";
    }

    @Override
    public void setDataFolder(Path folder) {
        pki = OpcUaComponent.pki(folder);
    }

    @Override
    public Outcome test(JsonNode properties, JsonNode points) {
        OpcUaConfig config = OpcUaConfig.parse(properties);
        Book book = new Book(PointTable.parse(points));
        List<Observation> seen = new ArrayList<>();
        long started = System.nanoTime();
        Optional<String> fault = read(config, book, seen);
        List<Sample> samples = seen.stream()
                .filter(Sample.class::isInstance)
                .map(Sample.class::cast)
                .toList();
        return new Outcome(samples, fault, Duration.ofNanos(System.nanoTime() - started));
    }

    private Optional<String> read(OpcUaConfig config, Book book, List<Observation> seen) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        try (ClientThreads threads = new ClientThreads();
                Client client = Client.openOnce(config, pki, threads)) {
            Structures types = new Structures(new Requests(config, () -> client));
            Reads.all(client.milo(), book.points(), (point, value) -> book.value(point, value, types, now, seen));
            return book.summary();
        } catch (ConnectionException e) {
            return failed(book, e.sentence(), now, seen);
        } catch (UaException e) {
            return failed(
                    book, "connection: %s at %s".formatted(Codes.text(e.getStatusCode()), config.url()), now, seen);
        } catch (RuntimeException e) {
            return failed(book, Codes.misunderstood(config, e), now, seen);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(book, "connection: the test was stopped", now, seen);
        }
    }

    private static Optional<String> failed(Book book, String reason, Instant now, List<Observation> seen) {
        seen.clear();
        seen.addAll(book.lose(book.points(), reason, now));
        return Optional.of(reason);
    }
}
