/** The aggregator's thinking: tumbling windows by event time, their watermark, their corrections and the rebuilding of their state. */
@NullMarked
package io.streamforge.aggregate;

import org.jspecify.annotations.NullMarked;
