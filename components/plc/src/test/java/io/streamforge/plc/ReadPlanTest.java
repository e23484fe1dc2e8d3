package io.streamforge.plc;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.plc.Variable.Memory;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadPlanTest {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final List<Point> points =
            IntStream.range(0, 20).mapToObj(ReadPlanTest::point).toList();

    @Test
    void asksForAsManyAtOnceAsItMay() {
        assertThat(new ReadPlan(points, 8, point -> 0, 1).requests(0))
                .extracting(List::size)
                .containsExactly(8, 8, 4);
    }

    @Test
    void aRequestIsNoLargerThanItMayBe() {
        assertThat(new ReadPlan(points, 8, point -> point.row() == 10 ? 100 : 10, 50).requests(0))
                .extracting(List::size)
                .containsExactly(5, 5, 1, 5, 4);
    }

    /** The driver gives no answer to any request in which the point at fault is, the device answers all others. */
    @Test
    void findsThePointThatKeepsARequestFromBeingAnswered() {
        ReadPlan plan = new ReadPlan(points, 20, point -> 0, 1);
        Point fault = points.get(13);
        int silences = 0;
        for (int poll = 0; poll < 20; poll++) {
            boolean answered = false;
            for (List<Point> request : plan.requests(poll)) {
                if (request.contains(fault)) {
                    plan.silent(request, answered, "timeout", poll);
                    silences++;
                    answered = false;
                } else {
                    answered = true;
                }
            }
        }
        assertThat(plan.refused()).containsExactly(Map.entry(fault, "timeout"));
        assertThat(silences).isLessThanOrEqualTo(8);
        assertThat(plan.requests(20)).hasSize(1);
        assertThat(plan.requests(20).get(0)).hasSize(19).doesNotContain(fault);
    }

    @Test
    void blamesNoPointOfADeviceThatAnswersNothing() {
        ReadPlan plan = new ReadPlan(points.subList(0, 1), 20, point -> 0, 1);
        for (int poll = 0; poll < 10; poll++) {
            plan.silent(plan.requests(poll).get(0), false, "timeout", poll);
        }
        assertThat(plan.refused()).isEmpty();
        assertThat(plan.requests(10)).hasSize(1);
    }

    @Test
    void asksForEachPointOnceHoweverItIsSplit() {
        ReadPlan plan = new ReadPlan(points, 20, point -> 0, 1);
        plan.silent(plan.requests(0).get(0), true, "timeout", 0);
        plan.separate(plan.requests(0).get(0), 0);
        Set<Point> asked = new HashSet<>();
        plan.requests(1).forEach(asked::addAll);
        assertThat(plan.requests(1)).hasSize(3);
        assertThat(asked).containsExactlyInAnyOrderElementsOf(points);
    }

    @Test
    void joinsWhatItSplitAfterAMinute() {
        ReadPlan plan = new ReadPlan(points, 20, point -> 0, 1);
        plan.silent(plan.requests(0).get(0), true, "timeout", 0);
        assertThat(plan.requests(MINUTE - 1)).hasSize(2);
        assertThat(plan.requests(MINUTE)).hasSize(1);
    }

    @Test
    void triesARefusedPointAgainAfterAMinuteAndTheOthersWithItWhenItWorks() {
        ReadPlan plan = new ReadPlan(points, 20, point -> 0, 1);
        plan.refuse(points.get(0), "driver: no", 0);
        plan.refuse(points.get(1), "driver: no", 1000);
        assertThat(plan.due(MINUTE - 1)).isEmpty();
        assertThat(plan.due(MINUTE)).contains(points.get(0));
        plan.accept(points.get(0), MINUTE);
        assertThat(plan.due(MINUTE)).contains(points.get(1));
        assertThat(plan.requests(MINUTE).get(0)).contains(points.get(0)).doesNotContain(points.get(1));
        plan.forget();
        assertThat(plan.refused()).isEmpty();
        assertThat(plan.requests(MINUTE).get(0)).hasSize(20);
    }

    private static Point point(int row) {
        return new Point(
                row,
                "p" + row,
                null,
                new Memory("%DB1:", row, DataType.BYTE, 0, 0, 1),
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
    }
}
