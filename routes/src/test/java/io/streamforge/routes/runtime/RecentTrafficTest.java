package io.streamforge.routes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamforge.adapter.Traffic;
import io.streamforge.routes.runtime.SourceStatus.Requests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentTrafficTest {

    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private final RecentTraffic recent = new RecentTraffic();

    @Test
    void aSourceThatAsksNobodyHasNoRequests() {
        assertThat(recent.with(Traffic.NONE, START)).isNull();
    }

    @Test
    void theLoadIsThatOfTheLastMinute() {
        recent.with(asked(0), START);
        for (int second = 1; second <= 120; second++) {
            recent.with(asked(second <= 60 ? 100L * second : 6000 + 10L * (second - 60)), START.plusSeconds(second));
        }
        assertThat(recent.with(asked(6600), START.plusSeconds(120))).isEqualTo(new Requests(10, null, null, null));
    }

    @Test
    void theFirstMinuteCountsFromTheStart() {
        recent.with(asked(0), START);
        assertThat(recent.with(asked(8), START.plusSeconds(2))).isEqualTo(new Requests(4, null, null, null));
    }

    @Test
    void aRestartedSourceBeginsAnew() {
        recent.with(asked(0), START);
        recent.with(asked(1000), START.plusSeconds(30));
        recent.with(asked(2), START.plusSeconds(31));
        assertThat(recent.with(asked(12), START.plusSeconds(33))).isEqualTo(new Requests(6, null, null, null));
    }

    @Test
    void howLongAnswersTakeIsTheBoundThatHoldsThem() {
        recent.with(asked(0), START);
        Requests requests = recent.with(answered(98, 0, 1, 1), START.plusSeconds(10));
        assertThat(requests).isEqualTo(new Requests(10, 20, 1, 5));
        assertThat(recent.with(answered(98, 0, 1, 100), START.plusSeconds(11)))
                .extracting(Requests::p50Ms)
                .isEqualTo(10);
    }

    @Test
    void anAnswerBeyondTheLastBoundTookNoLongerThanTheLongestTimeOut() {
        recent.with(asked(0), START);
        List<Long> answers = new ArrayList<>(Traffic.NONE.answers());
        answers.set(answers.size() - 1, 1L);
        assertThat(recent.with(new Traffic(answers, 11, 1, 0, 0, 0), START.plusSeconds(1)))
                .isEqualTo(new Requests(1, null, 60_000, 60_000));
    }

    private static Traffic asked(long requests) {
        return new Traffic(Traffic.NONE.answers(), 0, requests, 0, 0, 0);
    }

    /** Up to 1, 2, 5 and 10 ms. */
    private static Traffic answered(long... counts) {
        List<Long> answers = new ArrayList<>(Traffic.NONE.answers());
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            answers.set(i, counts[i]);
            sum += counts[i];
        }
        return new Traffic(answers, 1, sum, 20, 0, 0);
    }
}
