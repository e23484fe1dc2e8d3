package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamforge.adapter.SourceHealth.Counters;
import io.streamforge.adapter.Traffic;
import io.streamforge.model.Loss;
import io.streamforge.model.Losses;
import io.streamforge.routes.plan.DurableFile;
import io.streamforge.routes.plan.PlannedRoute;
import io.streamforge.routes.runtime.RouteBoard.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteBoardTest {

    private final RouteBoard board = new RouteBoard(new RouteCounters(), Clock.systemUTC());

    @Test
    void whatAnAdapterLostOnlyGrowsThroughItsRestartsAndItsEnd() {
        Losses first = new Losses();
        observe("adapter.press-07", first);
        first.add(Loss.POLL_FAILED, 3);
        assertThat(board.losses()).isEqualTo(Map.of("press-07", Map.of(Loss.POLL_FAILED, 3L)));

        Losses second = new Losses();
        first.add(Loss.VALUE_STOPPED, 2);
        observe("adapter.press-07", second);
        second.add(Loss.POLL_FAILED);
        observe("adapter.press-07", second);
        board.remove("adapter.press-07");
        second.add(Loss.VALUE_STOPPED, 5);

        assertThat(board.losses()).isEqualTo(Map.of("press-07", Map.of(Loss.POLL_FAILED, 4L, Loss.VALUE_STOPPED, 7L)));
    }

    @Test
    void whatTheLedgerHasNotSaidAtTheStopIsThereAfterTheNextStart(@TempDir Path folder) throws IOException {
        UnsaidLosses unsaid = new UnsaidLosses(new DurableFile(folder, "losses.json"));
        assertThat(unsaid.take()).isEmpty();
        unsaid.keep(Map.of());
        assertThat(folder).isEmptyDirectory();
        unsaid.keep(Map.of("press-07", Map.of(Loss.QOS0_STOPPED, 12L)));

        board.lostBefore(unsaid.take());
        Losses losses = new Losses();
        observe("adapter.press-07", losses);
        losses.add(Loss.QOS0_STOPPED);

        assertThat(board.losses()).isEqualTo(Map.of("press-07", Map.of(Loss.QOS0_STOPPED, 13L)));
        assertThat(unsaid.take()).as("said once").isEmpty();

        new DurableFile(folder, "losses.json")
                .write("{\"press-07\":{\"OF_TOMORROW\":1}}".getBytes(StandardCharsets.UTF_8));
        assertThat(unsaid.take()).as("of a newer version").isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    private void observe(String routeId, Losses losses) {
        board.observed(
                new PlannedRoute(routeId, "adapter", "1", JsonNodeFactory.instance.objectNode()),
                new RouteFacts(true, true, null, null, new Source(Counters.NONE, Traffic.NONE, losses), null));
    }
}
