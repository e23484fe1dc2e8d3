package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockPlanTest {

    private static final long NOW = 1_000;
    private static final long LATER = NOW + BlockPlan.RETRY_AFTER.toNanos();

    @Test
    void readsNeighboursTogetherWhateverTheirOrderInTheTable() {
        assertThat(plan(8, 125, int16(2), int16(0), int16(1))).containsExactly("HOLDING 0+3");
    }

    @Test
    void bridgesAGapUpToItsLimit() {
        assertThat(plan(3, 125, int16(0), int16(4))).containsExactly("HOLDING 0+5");
        assertThat(plan(3, 125, int16(0), int16(5))).containsExactly("HOLDING 0+1", "HOLDING 5+1");
        assertThat(plan(0, 125, int16(0), int16(1), int16(3))).containsExactly("HOLDING 0+2", "HOLDING 3+1");
    }

    @Test
    void neverAsksForMoreThanTheProtocolAllows() {
        Point[] registers =
                IntStream.range(0, 300).mapToObj(BlockPlanTest::int16).toArray(Point[]::new);
        assertThat(plan(8, 125, registers)).containsExactly("HOLDING 0+125", "HOLDING 125+125", "HOLDING 250+50");
        Point[] bits = IntStream.range(0, 2001)
                .mapToObj(i -> point(Area.COIL, DataType.BOOL, i))
                .toArray(Point[]::new);
        assertThat(plan(8, 125, bits)).containsExactly("COIL 0+2000", "COIL 2000+1");
    }

    @Test
    void keepsToASmallerBlock() {
        assertThat(plan(8, 4, int16(0), int16(2), int16(4))).containsExactly("HOLDING 0+3", "HOLDING 4+1");
    }

    @Test
    void neverSplitsAValue() {
        Point[] doubles = IntStream.range(0, 40)
                .mapToObj(i -> point(Area.INPUT, DataType.FLOAT64, i * 4))
                .toArray(Point[]::new);
        assertThat(plan(0, 125, doubles)).containsExactly("INPUT 0+124", "INPUT 124+36");
    }

    @Test
    void pointsMayOverlap() {
        assertThat(plan(0, 125, point(Area.HOLDING, DataType.FLOAT64, 0), int16(1), int16(4)))
                .containsExactly("HOLDING 0+5");
    }

    @Test
    void areasAreReadApart() {
        assertThat(plan(8, 125, point(Area.INPUT, DataType.INT16, 0), int16(0), point(Area.COIL, DataType.BOOL, 0)))
                .containsExactlyInAnyOrder("COIL 0+1", "HOLDING 0+1", "INPUT 0+1");
    }

    @Test
    void leavesARefusedPointOutAndReachesNotOverIt() {
        Point illegal = int16(2);
        BlockPlan plan = new BlockPlan(List.of(int16(0), int16(1), illegal, int16(3), int16(4)), 8, 125);
        plan.refuse(illegal, "0x02 ILLEGAL_DATA_ADDRESS", NOW);
        assertThat(text(plan)).containsExactly("HOLDING 0+2", "HOLDING 3+2");
        assertThat(plan.refused()).containsEntry(illegal, "0x02 ILLEGAL_DATA_ADDRESS");
    }

    @Test
    void triesARefusedPointAgainAfterAWhileAndThenTheOthersSoon() {
        Point one = int16(1);
        Point two = int16(2);
        BlockPlan plan = new BlockPlan(List.of(int16(0), one, two), 8, 125);
        plan.refuse(one, "0x02", NOW);
        plan.refuse(two, "0x02", NOW + 1);
        assertThat(plan.due(LATER - 1)).isEmpty();
        assertThat(plan.due(LATER)).contains(one);
        plan.accept(one, LATER);
        assertThat(plan.due(LATER)).contains(two);
        plan.accept(two, LATER);
        assertThat(text(plan)).containsExactly("HOLDING 0+3");
        assertThat(plan.due(LATER)).isEmpty();
    }

    @Test
    void doesNotReachOverAnAddressThatOnlyDividesTwoLegalSides() {
        BlockPlan plan = new BlockPlan(List.of(int16(0), int16(5), int16(6)), 8, 125);
        plan.separateAt(Block.of(List.of(int16(5))));
        assertThat(text(plan)).containsExactly("HOLDING 0+1", "HOLDING 5+2");
        plan.forget();
        assertThat(text(plan)).containsExactly("HOLDING 0+7");
    }

    private static int rows;

    private static Point int16(int address) {
        return point(Area.HOLDING, DataType.INT16, address);
    }

    private static Point point(Area area, DataType type, int address) {
        return new Point(
                rows++,
                "p",
                null,
                1,
                area,
                address,
                type,
                0,
                null,
                Order.BIG,
                Order.BIG,
                BigDecimal.ONE,
                BigDecimal.ZERO,
                "",
                false);
    }

    private static List<String> plan(int maxGap, int maxBlock, Point... points) {
        return text(new BlockPlan(List.of(points), maxGap, maxBlock));
    }

    private static List<String> text(BlockPlan plan) {
        List<String> text = new ArrayList<>();
        plan.blocks().forEach(block -> text.add("%s %d+%d".formatted(block.area(), block.start(), block.quantity())));
        return text;
    }
}
