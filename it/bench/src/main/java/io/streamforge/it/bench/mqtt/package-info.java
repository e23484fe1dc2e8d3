/** What it costs to have a message in the stream before it is acknowledged. */
@NullMarked
package io.streamforge.it.bench.mqtt;

import org.jspecify.annotations.NullMarked;
