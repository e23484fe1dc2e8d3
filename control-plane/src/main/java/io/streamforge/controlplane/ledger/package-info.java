/** The loss ledger: what became of every reading, as the gateways' stages counted it. */
@NullMarked
package io.streamforge.controlplane.ledger;

import org.jspecify.annotations.NullMarked;
