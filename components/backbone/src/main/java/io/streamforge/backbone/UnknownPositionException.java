package io.streamforge.backbone;

import java.util.List;

/** A group that had a position in a partition cannot go on there without skipping or repeating records: a person must decide. */
final class UnknownPositionException extends RuntimeException {

    UnknownPositionException(String group, List<String> problems) {
        super(
                ("Group '%s' has lost its position; nothing was skipped and the route waits. %s. To decide: stop the route, set the position"
                                + " (kafka-consumer-groups --group %s --reset-offsets …), start the route.")
                        .formatted(group, String.join("; ", problems), group));
    }
}
