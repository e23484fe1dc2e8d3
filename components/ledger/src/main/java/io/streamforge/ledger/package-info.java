/** The loss ledger: what became of every reading, counted from the stream. */
@org.jspecify.annotations.NullMarked
package io.streamforge.ledger;
