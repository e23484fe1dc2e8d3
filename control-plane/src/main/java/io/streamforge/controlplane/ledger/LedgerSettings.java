package io.streamforge.controlplane.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the ledger is kept.
 *
 * @param retention of minutes that balance
 * @param lossRetention of minutes that do not, and of gaps
 */
@ConfigurationProperties("streamforge.ledger")
record LedgerSettings(
        @DefaultValue("7d") Duration retention,
        @DefaultValue("90d") Duration lossRetention) {}
