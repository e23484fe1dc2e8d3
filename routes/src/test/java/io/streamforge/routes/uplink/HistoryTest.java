package io.streamforge.routes.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.model.Quality;
import io.streamforge.routes.uplink.History.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private static final Instant FROM = Instant.parse("2026-11-20T08:00:00Z");

    @Test
    void fewPointsAreGivenAsTheyAreInOrderOfTime() {
        List<Point> points = List.of(point(2, 5.0, Quality.GOOD), point(1, 4.0, Quality.GOOD));

        assertThat(History.decimate(points, FROM, FROM.plusSeconds(10), 2))
                .containsExactly(point(1, 4.0, Quality.GOOD), point(2, 5.0, Quality.GOOD));
    }

    @Test
    void manyPointsBecomeBucketsThatKeepExtremesAndTheWorstQuality() {
        List<Point> points = new ArrayList<>();
        for (int second = 0; second < 10; second++) {
            points.add(point(second, second == 3 ? 100.0 : second, second == 7 ? Quality.SUSPECT : Quality.GOOD));
        }

        assertThat(History.decimate(points, FROM, FROM.plusSeconds(10), 2))
                .containsExactly(
                        new Point(FROM, 21.4, 0.0, 100.0, Quality.GOOD),
                        new Point(FROM.plusSeconds(5), 7.0, 5.0, 9.0, Quality.SUSPECT));
    }

    @Test
    void aBucketOfGapsIsAGap() {
        List<Point> points = List.of(
                point(0, 1.0, Quality.GOOD),
                point(1, 3.0, Quality.GOOD),
                new Point(FROM.plusSeconds(6), null, null, null, Quality.UNCERTAIN));

        assertThat(History.decimate(points, FROM, FROM.plusSeconds(10), 2))
                .containsExactly(
                        new Point(FROM, 2.0, 1.0, 3.0, Quality.GOOD),
                        new Point(FROM.plusSeconds(5), null, null, null, Quality.UNCERTAIN));
    }

    @Test
    void windowsKeepTheirOwnExtremes() {
        List<Point> points = List.of(
                new Point(FROM, 5.0, 1.0, 9.0, Quality.GOOD),
                new Point(FROM.plusSeconds(1), 6.0, 4.0, 20.0, Quality.GOOD),
                new Point(FROM.plusSeconds(9), 6.0, 6.0, 6.0, Quality.GOOD));

        assertThat(History.decimate(points, FROM, FROM.plusSeconds(10), 2).get(0))
                .isEqualTo(new Point(FROM, 5.5, 1.0, 20.0, Quality.GOOD));
    }

    private static Point point(int second, double value, Quality quality) {
        return new Point(FROM.plusSeconds(second), value, null, null, quality);
    }
}
