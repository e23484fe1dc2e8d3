/** The Camel component {@code backbone:}: batches from and to the stream, commits and transactions, its topics and the client of its schema registry. */
@NullMarked
package io.streamforge.backbone;

import org.jspecify.annotations.NullMarked;
