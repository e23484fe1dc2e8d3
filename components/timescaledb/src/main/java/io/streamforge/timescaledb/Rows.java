package io.streamforge.timescaledb;

import io.streamforge.model.Aggregate;
import io.streamforge.model.Aggregate.StateTime;
import io.streamforge.model.Aggregate.States;
import io.streamforge.model.Aggregate.Statistics;
import io.streamforge.model.Condition;
import io.streamforge.model.Event;
import io.streamforge.model.Reading;
import io.streamforge.model.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a record becomes a row: the order of the fields is that of {@link Table}'s columns. */
final class Rows {

    private static final long EXACT_DOUBLE = 1L << 53;

    private Rows() {}

    static void add(Reading reading, CopyBuffer out) {
        Value value = reading.value();
        out.startRow(15);
        out.time(reading.time());
        out.text(reading.origin().gatewayId());
        out.text(reading.assetId());
        out.text(reading.parameter());
        out.real(number(value));
        out.text(text(value));
        out.flag(value instanceof Value.Flag flag ? flag.value() : null);
        out.text(reading.unit());
        out.text(reading.quality().name());
        out.text(reading.qualityReason());
        out.time(reading.deviceTime());
        out.time(reading.gatewayTime());
        out.text(reading.origin().adapterId());
        out.bigint(reading.origin().epoch());
        out.bigint(reading.sequence());
    }

    static void add(Aggregate aggregate, CopyBuffer out) {
        Statistics statistics = aggregate.statistics();
        States states = aggregate.states();
        out.startRow(22);
        out.time(aggregate.windowStart());
        out.bigint(aggregate.resolution().toMillis());
        out.text(aggregate.origin().gatewayId());
        out.text(aggregate.assetId());
        out.text(aggregate.parameter());
        out.text(aggregate.unit());
        out.real(statistics == null ? null : statistics.avg());
        out.real(statistics == null ? null : statistics.min());
        out.real(statistics == null ? null : statistics.max());
        out.bigint(statistics == null ? 0 : statistics.count());
        out.real(statistics == null ? null : statistics.stddev());
        out.real(statistics == null ? null : statistics.first());
        out.real(statistics == null ? null : statistics.last());
        out.bigint(aggregate.quality().good());
        out.bigint(aggregate.quality().suspect());
        out.bigint(aggregate.quality().uncertain());
        out.real(aggregate.quality().percentGood());
        out.bigint(aggregate.revision());
        out.text(aggregate.origin().adapterId());
        out.bigint(aggregate.gaps());
        out.text(states == null ? null : state(states.last()));
        out.json(states == null ? null : json(states.times()));
    }

    static void add(Event event, CopyBuffer out) {
        out.startRow(13);
        out.text(event.eventId());
        out.time(event.time());
        out.text(event.origin().gatewayId());
        out.text(event.assetId());
        out.text(event.eventType());
        out.json(json(event.previousState()));
        out.json(json(event.newState()));
        out.text(event.quality().name());
        out.time(event.deviceTime());
        out.time(event.gatewayTime());
        out.text(event.origin().adapterId());
        Condition condition = event.condition();
        out.json(condition == null ? null : json(condition));
        out.text(event.qualityReason());
    }

    /** With the names of the stream's schema. */
    private static String json(Condition condition) {
        return "{\"condition_id\":%s,\"branch_id\":%s,\"severity\":%d,\"message\":%s,\"active\":%s,\"acked\":%s,\"confirmed\":%s,\"retain\":%s,\"comment\":%s,\"user\":%s}"
                .formatted(
                        quoted(condition.conditionId()),
                        quoted(condition.branchId()),
                        condition.severity(),
                        quoted(condition.message()),
                        condition.active(),
                        condition.acked(),
                        condition.confirmed(),
                        condition.retain(),
                        quoted(condition.comment()),
                        quoted(condition.user()));
    }

    /** The state in its own type; JSON has no NaN and no infinities, they become texts. */
    private static @Nullable String json(@Nullable Value state) {
        if (state instanceof Value.Flag flag) {
            return Boolean.toString(flag.value());
        }
        if (state instanceof Value.Whole whole) {
            return Long.toString(whole.value());
        }
        if (state instanceof Value.Real real) {
            String number = Double.toString(real.value());
            return Double.isFinite(real.value()) ? number : quoted(number);
        }
        return state instanceof Value.Text text ? quoted(text.value()) : null;
    }

    private static @Nullable String state(@Nullable Value last) {
        return last instanceof Value.Flag flag ? Boolean.toString(flag.value()) : text(last);
    }

    /** {@code [{"state":"auto","count":12,"seconds":11.4}]}, the longest held first; a null state stands for all that are not named. */
    private static String json(List<StateTime> times) {
        return times.stream()
                .map(time -> "{\"state\":%s,\"count\":%d,\"seconds\":%s}"
                        .formatted(
                                quoted(time.state()),
                                time.count(),
                                BigDecimal.valueOf(time.micros(), 6)
                                        .stripTrailingZeros()
                                        .toPlainString()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** A JSON string (RFC 8259 §7); U+0000 becomes U+2400 as in a text. */
    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.replace('\0', '\u2400').toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static @Nullable Double number(@Nullable Value value) {
        if (value instanceof Value.Real real) {
            return real.value();
        }
        return value instanceof Value.Whole whole ? Double.valueOf(whole.value()) : null;
    }

    /** A whole number that no double holds exactly is kept in digits beside it. */
    private static @Nullable String text(@Nullable Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        return value instanceof Value.Whole whole && (whole.value() > EXACT_DOUBLE || whole.value() < -EXACT_DOUBLE)
                ? Long.toString(whole.value())
                : null;
    }
}
