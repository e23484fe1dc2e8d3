package io.streamforge.ledger;

import io.streamforge.model.Loss;
import java.util.Map;

/** What sources state of their losses; looked up in Camel's registry, since sources are no route's business but the gateway's. */
@FunctionalInterface
public interface SourceLosses {

    /** By adapter, since the start of this process: they only grow. */
    Map<String, Map<Loss, Long>> byAdapter();
}
