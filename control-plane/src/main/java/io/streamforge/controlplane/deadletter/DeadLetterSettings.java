package io.streamforge.controlplane.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is kept of dead letters.
 *
 * @param pendingLimit undecided letters of one gateway; more wait in its stream until some are decided
 * @param retention how long a decided letter is kept
 */
@ConfigurationProperties("streamforge.dead-letters")
record DeadLetterSettings(
        @DefaultValue("100000") long pendingLimit,
        @DefaultValue("30d") Duration retention) {}
