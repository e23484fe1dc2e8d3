package io.streamforge.plc;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamforge.adapter.Browser;
import io.streamforge.adapter.Pace;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.BufferUnderflowException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks through what a controller holds, over one connection of its own, with the session of a running route. A node's id is the path of names to it. */
abstract class PlcBrowser implements Browser {

    private final Driver driver;
    private final String connector;
    private final BiFunction<PlcConfig, Pace, Catalogue> session;

    PlcBrowser(Driver driver, String connector, BiFunction<PlcConfig, Pace, Catalogue> session) {
        this.driver = driver;
        this.connector = connector;
        this.session = session;
    }

    @Override
    public final String connector() {
        return connector;
    }

    @Override
    public final Page browse(JsonNode properties, @Nullable String below, int from, int limit) throws IOException {
        PlcConfig config = PlcTester.config(driver, properties);
        String path = below == null ? "/" : below;
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("'%s' is no path of names as /MAIN/Motor.".formatted(path));
        }
        List<String> place =
                Stream.of(path.split("/")).filter(name -> !name.isEmpty()).toList();
        try (Catalogue device = session.apply(config, new Pace(config.requestPause(), config.ceiling()))) {
            device.open();
            return device.list(place, from, limit);
        } catch (SocketTimeoutException e) {
            throw failed(
                    config, "no answer within %d ms".formatted(config.timeout().toMillis()), e);
        } catch (BufferUnderflowException e) {
            throw failed(config, "the answer ends too early", e);
        } catch (IOException e) {
            throw failed(config, PlcDevice.reason(config, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Browsing was stopped.", e);
        }
    }

    private static IOException failed(PlcConfig config, String what, Exception cause) {
        return new IOException("%s device %s: %s.".formatted(config.driver().title(), config.device(), what), cause);
    }
}
